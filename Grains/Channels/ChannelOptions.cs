namespace Hype.Grains.Channels;

/// <summary>How channels behave; bound from <c>Hype:Channels</c>.</summary>
public sealed record ChannelOptions
{
    public const string Section = "Hype:Channels";

    /// <summary>Members up to which a channel is a mesh. Default 8, range 0–50 (0: always forwarded).</summary>
    public int P2PThreshold { get; init; } = 8;

    /// <summary>A forwarded channel becomes a mesh again at or below this many members. Default 6, range 0–<see cref="P2PThreshold"/>.</summary>
    public int ReturnThreshold { get; init; } = 6;

    /// <summary>How long the channel must stay that small first; also how long a requested mode is held. Default 30 s, range 0–1 h.</summary>
    public TimeSpan ReturnDelay { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A prepared layout is committed after this long, ready or not. Default 5 s, range 100 ms–60 s.</summary>
    public TimeSpan SwitchTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long the room of the old layout stays open after a commit, for clients that still play it (the SDK swaps 2 s after it at the latest). Default 3 s, range 0–30 s.</summary>
    public TimeSpan CloseGrace { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How long a channel that found no media node waits before it asks again. Default 2 s, range 100 ms–5 min.</summary>
    public TimeSpan NodeRetryDelay { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a lost socket may come back. Default 30 s, range 0–10 min.</summary>
    public TimeSpan ResumeWindow { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Members that a channel admits unless its settings say otherwise. Default 200, range 1–10,000.</summary>
    public int MaxParticipants { get; init; } = 200;

    /// <summary>Forwarded streams that every endpoint receives. Default 6, range 1–32.</summary>
    public int Slots { get; init; } = 6;

    /// <summary>New transports in a row that a member is offered in one layout before it leaves with <c>mediaUnavailable</c>. Default 3, range 1–20.</summary>
    public int EndpointAttempts { get; init; } = 3;

    /// <summary>May a transport move to another media node under the same keys (docs/architecture.md)? Default true; false keeps keys on the node that made them.</summary>
    public bool PortableTransports { get; init; } = true;

    /// <summary>How long a client may take to follow its transport to another node before it is offered an ICE restart. Default 1.5 s, range 100 ms–30 s.</summary>
    public TimeSpan FollowTimeout { get; init; } = TimeSpan.FromSeconds(1.5);

    /// <summary>How long an ICE restart may take before the client is offered a new connection. Default 3 s, range 100 ms–30 s.</summary>
    public TimeSpan RestartTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Members in one room; for more of the same region another is opened and linked. Default 500, range 1–10,000.</summary>
    public int RoomCapacity { get; init; } = 500;

    /// <summary>Roster and layout changes are stored at most this often. Default 250 ms, range 10 ms–10 s.</summary>
    public TimeSpan CheckpointInterval { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Above this many members roster changes are sent in batches. Default 50, range 0–10,000.</summary>
    public int RosterBatchAbove { get; init; } = 50;

    /// <summary>How long such a batch is collected. Default 100 ms, range 10 ms–5 s.</summary>
    public TimeSpan RosterBatchInterval { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How often a live channel renews its line in the list of channels, which forgets it after three times as long. Default 10 s, range 1 s–5 min.</summary>
    public TimeSpan IndexRenewal { get; init; } = TimeSpan.FromSeconds(10);
}
