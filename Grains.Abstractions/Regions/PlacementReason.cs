namespace Hype.Grains.Abstractions.Regions;

/// <summary>The reason for which a media node was chosen for a room.</summary>
[Alias("hype.PlacementReason")]
public enum PlacementReason
{
    /// <summary>The reason is no longer known: the channel's grain was restarted after the placement.</summary>
    Unknown = 0,

    /// <summary>The node already held a room of the channel.</summary>
    Sticky = 1,

    /// <summary>The node is the less loaded one of two random nodes with capacity in the region.</summary>
    LessLoadedOfTwo = 2,

    /// <summary>The room's region has no node with capacity; the node is in the nearest region that has one.</summary>
    NearestRegion = 3,

    /// <summary>
    /// No node is below the load limit in any region: the node that already holds the channel was chosen, or else the least loaded one.
    /// </summary>
    Crowded = 4,
}
