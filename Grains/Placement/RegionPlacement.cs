using Hype.Grains.Abstractions.Regions;
using Orleans.Placement;
using Orleans.Runtime.MembershipService.SiloMetadata;
using Orleans.Runtime.Placement;

namespace Hype.Grains.Placement;

/// <summary>
/// Activates a grain in the region of its first caller: a channel near its first member. Without a silo in that region the grain is
/// activated anywhere. The placement strategy chooses among the remaining silos.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class RegionPlacementAttribute() : PlacementFilterAttribute(new RegionPlacement());

/// <summary>The strategy of <see cref="RegionPlacementAttribute"/>; it has no configuration.</summary>
[GenerateSerializer, Immutable, Alias("hype.RegionPlacement")]
public sealed class RegionPlacement() : PlacementFilterStrategy(order: 0)
{
    /// <summary>The key of the region in a silo's metadata.</summary>
    public const string MetadataKey = "region";

    /// <summary>Returns the silos in the region; all silos if there is none in it or the region is not known.</summary>
    internal static IEnumerable<TSilo> Prefer<TSilo>(IEnumerable<TSilo> silos, string? region, Func<TSilo, string?> regionOf)
    {
        if (region is null)
            return silos;
        var all = silos.ToArray();
        var near = Array.FindAll(all, silo => string.Equals(regionOf(silo), region, StringComparison.Ordinal));
        return near.Length > 0 ? near : all;
    }
}

internal sealed class RegionPlacementDirector(ISiloMetadataCache metadata) : IPlacementFilterDirector
{
    public IEnumerable<SiloAddress> Filter(
        PlacementFilterStrategy filterStrategy, PlacementTarget target, IEnumerable<SiloAddress> silos) =>
        RegionPlacement.Prefer(
            silos,
            target.RequestContextData?.GetValueOrDefault(CallerRegion.ContextKey) as string,
            silo => metadata.GetSiloMetadata(silo).Metadata.GetValueOrDefault(RegionPlacement.MetadataKey));
}
