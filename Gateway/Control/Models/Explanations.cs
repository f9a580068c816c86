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
        _ when mode.NoNodeUntil is { } again => $"No media node had room; the next attempt is at {again:u}.",
        _ when current.Mode == ChannelMode.P2P => $"{Members(mode.Count)}: a mesh carries up to {mode.P2PThreshold}.",
        _ when mode.ReturnsAt is { } back =>
            $"{Members(mode.Count)}: few enough for a mesh (up to {mode.ReturnThreshold}); it returns to one "
                + $"at {back:u} unless more join.",
        _ when mode.Count > mode.P2PThreshold => $"{Members(mode.Count)}: a mesh carries only up to {mode.P2PThreshold}.",
        _ => $"{Members(mode.Count)}: the channel was larger, and returns to a mesh at {mode.ReturnThreshold}.",
    };

    public static string Of(PlacementReason reason) => reason switch
    {
        PlacementReason.Sticky => "The node carried the channel's room in this region before.",
        PlacementReason.LessLoadedOfTwo => "The less loaded of two random nodes of the region with room.",
        PlacementReason.NearestRegion => "The region has no node with room: this one is in the nearest region with room.",
        PlacementReason.Crowded => "No node has room in any region: the channel stays on its node, or uses the least loaded one.",
        _ => "No longer known: the channel has moved to another silo since.",
    };

    private static string Members(int count) => count == 1 ? "1 member" : $"{count} members";
}
