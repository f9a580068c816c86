using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Regions;

namespace Hype.Gateway.Control.Models;

/// <summary>Writes the reason for a channel's mode, or for a room's node, as a sentence for people.</summary>
internal static class Explanations
{
    public static string Of(ModeExplanation mode, Layout current) => current.Reason switch
    {
        _ when mode.Count == 0 => "The channel is empty.",
        _ when mode.Policy != ModePolicy.Auto => $"The settings require it (mode {(mode.Policy == ModePolicy.Sfu ? "sfu" : "p2p")}).",
        _ when mode.RequestedUntil is { } until => $"It was requested, and stays until {until:u}.",
        _ when mode.PairFailed => "Two members could not connect to each other: the channel is forwarded until it is empty.",
        _ when mode.NoNodeUntil is { } again => $"No media node had capacity; the next attempt is at {again:u}.",
        _ when current.Mode == ChannelMode.P2P => $"{Members(mode.Count)}: a mesh carries up to {mode.P2PThreshold}.",
        _ when mode.ReturnsAt is { } back =>
            $"{Members(mode.Count)}: few enough for a mesh (up to {mode.ReturnThreshold}); it returns to one "
                + $"at {back:u} unless more join.",
        _ when mode.Count > mode.P2PThreshold => $"{Members(mode.Count)}: a mesh carries only up to {mode.P2PThreshold}.",
        _ => $"{Members(mode.Count)}: the channel was larger, and returns to a mesh at {mode.ReturnThreshold}.",
    };

    public static string Of(PlacementReason reason) => reason switch
    {
        PlacementReason.Sticky => "This node had the channel's previous room in this region.",
        PlacementReason.LessLoadedOfTwo => "This node had the lower load of two random nodes with capacity in the region.",
        PlacementReason.NearestRegion => "No node of the region has capacity: this node is in the nearest region that has.",
        PlacementReason.Crowded => "No node in any region has capacity: the channel stays on its node, or uses the least loaded one.",
        _ => "The reason is no longer known: the channel has moved to another silo since.",
    };

    private static string Members(int count) => count == 1 ? "1 member" : $"{count} members";
}
