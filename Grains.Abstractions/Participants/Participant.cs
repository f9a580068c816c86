using System.Collections.Immutable;

namespace Hype.Grains.Abstractions.Participants;

/// <summary>The public data of a member: an entry of the roster, which all members of the channel receive.</summary>
[GenerateSerializer, Immutable, Alias("hype.Participant")]
public sealed record Participant
{
    [Id(0)]
    public required SessionId Session { get; init; }

    /// <summary>
    /// The number of the member in its channel; no later member gets the same one. In a mesh the member with the higher number sends the
    /// offer.
    /// </summary>
    [Id(1)]
    public required MemberNumber Number { get; init; }

    [Id(2)]
    public required string Identity { get; init; }

    [Id(3)]
    public required string Name { get; init; }

    [Id(4)]
    public required Grants Grants { get; init; }

    [Id(5)]
    public bool Muted { get; init; }

    [Id(6)]
    public bool Deafened { get; init; }

    [Id(7)]
    public bool ServerMuted { get; init; }

    [Id(8)]
    public ConnectionQuality Quality { get; init; }

    /// <summary>True while the participant's socket is lost and its resume window runs.</summary>
    [Id(9)]
    public bool Away { get; init; }

    /// <summary>
    /// The epoch of the first layout in which the participant takes part. A participant that joins during a switch takes part only in the
    /// new layout.
    /// </summary>
    [Id(10)]
    public LayoutEpoch SinceEpoch { get; init; }

    [Id(11)]
    public DateTimeOffset JoinedAt { get; init; }

    /// <summary>
    /// Names and values that the application sets for the participant; all participants see them. At most 16; names of 1–64 characters,
    /// values of at most 256.
    /// </summary>
    [Id(12)]
    public ImmutableSortedDictionary<string, string> Attributes { get; init; } = ImmutableSortedDictionary<string, string>.Empty;
}

/// <summary>The rating of a participant's media path by packet loss, jitter and round-trip time.</summary>
[Alias("hype.ConnectionQuality")]
public enum ConnectionQuality
{
    Unknown = 0,
    Lost = 1,
    Poor = 2,
    Good = 3,
    Excellent = 4,
}

/// <summary>The reason for the end of a session.</summary>
[Alias("hype.LeaveReason")]
public enum LeaveReason
{
    /// <summary>The client left.</summary>
    Left = 0,

    /// <summary>The client did not resume within the resume window.</summary>
    TimedOut = 1,

    /// <summary>The same identity joined the channel again, and the newer session replaced this one.</summary>
    Replaced = 2,
    Kicked = 3,
    Banned = 4,
    ChannelClosed = 5,

    /// <summary>The participant could not be connected to the media of the channel.</summary>
    MediaUnavailable = 6,

    /// <summary>The tokens of the participant's identity were revoked.</summary>
    Revoked = 7,

    /// <summary>A moderator moved the session to another channel, where it continues.</summary>
    Moved = 8,
}
