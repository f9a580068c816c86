using Hype.Clustering;
using Hype.Gateway.Auth;
using Microsoft.Extensions.Options;
using Orleans.Dashboard;

namespace Hype.Gateway.Admin;

/// <summary>
/// Orleans' own view of the silos and grains, beside the admin page. Its data is gathered in the silos; a gateway that is a client of
/// them serves it as well as one that hosts the silo.
/// </summary>
internal static class OrleansDashboard
{
    public const string Path = "/admin/orleans";

    public static void MapDashboard(this WebApplication app)
    {
        // Without a way to silos (tests put fakes there) nobody has registered it.
        var isThere = app.Services.GetService<IClusterClient>() is not null && app.Services.GetRequiredService<IOptions<ClusterOptions>>().Value.Dashboard;
        if (isThere)
            app.MapOrleansDashboard(Path).RequireAdministratorToRead();
    }
}
