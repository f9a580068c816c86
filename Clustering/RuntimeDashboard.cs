using Orleans.Dashboard;

namespace Hype.Clustering;

/// <summary>Configures Orleans' dashboard on a silo.</summary>
public static class RuntimeDashboard
{
    /// <summary>Hides the log: it names users and addresses, so it goes only where the operator sends it.</summary>
    public static void Configure(DashboardOptions dashboard) => dashboard.HideTrace = true;
}
