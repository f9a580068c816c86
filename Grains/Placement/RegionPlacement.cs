using Hype.Grains.Abstractions.Regions;
using Orleans.Placement;
using Orleans.Runtime.MembershipService.SiloMetadata;
using Orleans.Runtime.Placement;

namespace Hype.Grains.Placement;

/// <summary>
/// A grain is activated in the region of whoever called it first: a channel and its participants near their first member. Without a
/// silo there, anywhere. The placement strategy chooses among what is left.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class RegionPlacementAttribute() : PlacementFilterAttribute(new RegionPlacement());

/// <summary>The strategy named by <see cref="RegionPlacementAttribute"/>; it has nothing to configure.</summary>
[GenerateSerializer, Immutable, Alias("hype.RegionPlacement")]
public sealed class RegionPlacement() : PlacementFilterStrategy(order: 0)
{
    /// <summary>Under which a silo's metadata says where it stands.</summary>
    public const string MetadataKey = "region";

    /// <summary>The silos in the region; all of them when there is none or the region is not known.</summary>
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
    public IEnumerable<SiloAddress> Filter(PlacementFilterStrategy filterStrategy, PlacementTarget target, IEnumerable<SiloAddress> silos) =>
        RegionPlacement.Prefer(
            silos,
            target.RequestContextData?.GetValueOrDefault(CallerRegion.ContextKey) as string,
            silo => metadata.GetSiloMetadata(silo).Metadata.GetValueOrDefault(RegionPlacement.MetadataKey));
}
