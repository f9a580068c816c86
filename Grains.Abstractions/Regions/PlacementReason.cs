namespace Hype.Grains.Abstractions.Regions;

/// <summary>The reason for the choice of a node.</summary>
[Alias("hype.PlacementReason")]
public enum PlacementReason
{
    /// <summary>The reason is no longer known: the channel's grain was restarted after the placement.</summary>
    Unknown = 0,

    /// <summary>The node already held a room of the channel.</summary>
    Sticky = 1,

    /// <summary>The node is the less loaded of two random nodes of the region with capacity.</summary>
    LessLoadedOfTwo = 2,

    /// <summary>The region has no node with capacity: this node is in the nearest region that has one.</summary>
    NearestRegion = 3,

    /// <summary>No node has capacity anywhere: the channel's own node was chosen, or the least loaded one.</summary>
    Crowded = 4,
}
