using Hype.MediaNode.Transport;

namespace Hype.MediaNode.Rooms;

internal enum RoomEventKind
{
    Connected,
    Closed,
    DominantSpeaker,
    Quality,
}

/// <summary>What the control plane hears of a room; <c>node_registry.proto</c> has the same on the wire.</summary>
/// <param name="Number">The participant; 0 for "nobody speaks".</param>
internal readonly record struct RoomEvent(RoomKey Room, RoomEventKind Kind, uint Number)
{
    public CloseReason Reason { get; init; }

    /// <summary>Packets lost on the way, both directions' worse, percent.</summary>
    public double LossPercent { get; init; }

    /// <summary>Interarrival jitter (RFC 3550 §6.4.1), milliseconds.</summary>
    public double JitterMs { get; init; }

    /// <summary>Round-trip time, milliseconds; 0 when not known yet.</summary>
    public double RoundTripMs { get; init; }
}
