using Hype.Clustering;
using Hype.Gateway.Auth;
using Microsoft.Extensions.Options;
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
        // Without a cluster client, as in tests with fake grains, the dashboard is not registered.
        var isThere = app.Services.GetService<IClusterClient>() is not null
            && app.Services.GetRequiredService<IOptions<ClusterOptions>>().Value.Dashboard;
        if (isThere)
            app.MapOrleansDashboard(Path).RequireAdministratorToRead();
    }
}
