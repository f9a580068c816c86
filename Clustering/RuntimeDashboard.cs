using Orleans.Dashboard;

namespace Hype.Clustering;

/// <summary>What Orleans' dashboard shows of a silo, and what it hides.</summary>
public static class RuntimeDashboard
{
    /// <summary>Hides the log: it names users and addresses, so it goes only where the operator sends it.</summary>
    public static void Configure(DashboardOptions dashboard) => dashboard.HideTrace = true;
}
