using Hype.Clustering;
using Hype.Gateway.Auth;
using Orleans.Dashboard;

namespace Hype.Gateway.Admin;

/// <summary>
/// Serves the Orleans dashboard beside the admin page. The silos collect its data, so a gateway without a silo can serve it too.
/// </summary>
internal static class OrleansDashboard
{
    public const string Path = "/admin/orleans";

    public static void MapDashboard(this WebApplication app)
    {
        // Without a cluster client, as in tests with fake grains, the dashboard is not registered. Nothing is created here: the start
        // explains an invalid configuration, and comes later.
        var isThere = ClusterOptions.HasDashboard(app.Configuration)
            && app.Services.GetRequiredService<IServiceProviderIsService>().IsService(typeof(IClusterClient));
        if (isThere)
            app.MapOrleansDashboard(Path).RequireAdministratorToRead();
    }
}
