using Hype.Gateway.Configuration;
using Microsoft.Extensions.Options;

namespace Hype.Gateway.Cluster;

/// <summary>
/// The regions of this cluster: this gateway's, and those of <c>Hype:Regions:Nearest</c>, which the grains own and validate. Other
/// regions that a client names are ignored.
/// </summary>
internal sealed class RegionNames(IConfiguration configuration, IOptions<GatewayOptions> gateway)
{
    private const string Section = "Hype:Regions:Nearest";

    public IReadOnlyList<RegionId> All { get; } =
    [
        .. configuration.GetSection(Section).GetChildren().Select(region => region.Key)
            .Prepend(gateway.Value.Region)
            .Distinct(StringComparer.Ordinal)
            .Select(name => new RegionId(name)),
    ];

    /// <summary>Returns the region with the shortest measured round trip; null when the client measured no known region.</summary>
    public RegionId? Nearest(IReadOnlyDictionary<string, double>? roundTrips) => roundTrips is null ? null : All
        .Where(region => roundTrips.ContainsKey(region.Value))
        .OrderBy(region => roundTrips[region.Value])
        .Select(region => (RegionId?)region)
        .FirstOrDefault();
}
