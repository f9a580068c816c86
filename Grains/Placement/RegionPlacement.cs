using Hype.Grains.Abstractions.Regions;
using Orleans.Placement;
using Orleans.Runtime.MembershipService.SiloMetadata;
using Orleans.Runtime.Placement;

namespace Hype.Grains.Placement;

/// <summary>
/// Activates a grain in a silo of the region of its first caller; so a channel runs near its first member. If that region has no silo, the
/// grain is activated in any region. Another placement strategy then chooses among the silos.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class RegionPlacementAttribute() : PlacementFilterAttribute(new RegionPlacement());

/// <summary>The strategy that belongs to <see cref="RegionPlacementAttribute"/>; it has no settings.</summary>
[GenerateSerializer, Immutable, Alias("hype.RegionPlacement")]
public sealed class RegionPlacement() : PlacementFilterStrategy(order: 0)
{
    /// <summary>The key under which a silo's metadata contains its region.</summary>
    public const string MetadataKey = "region";

    /// <summary>Returns the silos in the region; returns all silos if none is in it or the region is unknown.</summary>
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
