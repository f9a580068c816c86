using Orleans.Dashboard;

namespace Hype.Silo.Clustering;

/// <summary>What Orleans' dashboard shows of a silo, and what it does not.</summary>
internal static class RuntimeDashboard
{
    /// <summary>Logs name people and addresses: they go where the operator sends them, and not to a page.</summary>
    public static void Configure(DashboardOptions dashboard) => dashboard.HideTrace = true;
}
