using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Regions;

namespace Hype.Gateway.Control.Models;

/// <summary>Why, in a sentence for people.</summary>
internal static class Explanations
{
    public static string Of(ModeExplanation mode, Layout current) => current.Reason switch
    {
        _ when mode.Count == 0 => "Nobody is in it.",
        _ when mode.Policy != ModePolicy.Auto => $"Its settings say so (mode {(mode.Policy == ModePolicy.Sfu ? "sfu" : "p2p")}).",
        _ when mode.RequestedUntil is { } until => $"Somebody asked for it; held until {until:u}.",
        _ when mode.PairFailed => "Two members could not connect to each other: it is forwarded until it is empty.",
        _ when mode.NoNodeUntil is { } again => $"No media node had room for it; asked again at {again:u}.",
        _ when current.Mode == ChannelMode.P2P => $"{Members(mode.Count)}: a mesh carries up to {mode.P2PThreshold}.",
        _ when mode.ReturnsAt is { } back => $"{Members(mode.Count)}: few enough for a mesh (up to {mode.ReturnThreshold}), to which it returns at {back:u} if they do not become more.",
        _ when mode.Count > mode.P2PThreshold => $"{Members(mode.Count)}: more than the {mode.P2PThreshold} that a mesh carries.",
        _ => $"{Members(mode.Count)}: it was larger, and returns to a mesh at {mode.ReturnThreshold}.",
    };

    public static string Of(PlacementReason reason) => reason switch
    {
        PlacementReason.Sticky => "The node carried the channel's room in this region before.",
        PlacementReason.LessLoadedOfTwo => "The less loaded of two nodes that were drawn among those of the region with room.",
        PlacementReason.NearestRegion => "The region has no node with room: this one is in the nearest region that has.",
        PlacementReason.Crowded => "No node has room anywhere: the channel stays where it is, or goes to the least loaded.",
        _ => "Not known any more: the channel has moved to another silo since.",
    };

    private static string Members(int count) => count == 1 ? "1 member" : $"{count} members";
}
