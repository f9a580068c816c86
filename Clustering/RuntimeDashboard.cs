using Orleans.Dashboard;

namespace Hype.Clustering;

/// <summary>Configures the Orleans dashboard on a silo.</summary>
public static class RuntimeDashboard
{
    /// <summary>
    /// Hides the dashboard's log page: log lines name users and addresses, so they must reach only the log of the operator.
    /// </summary>
    public static void Configure(DashboardOptions dashboard) => dashboard.HideTrace = true;
}
