using Hype.Grains.Abstractions.Channels;

namespace Hype.Grains.Channels.Options;

/// <summary>The settings of the silos that apply to all channels; bound from <c>Hype:Channels</c>.</summary>
public sealed record ChannelOptions
{
    public const string Section = "Hype:Channels";

    /// <summary>
    /// The highest number of members for which a channel is a mesh. Default 8, range 0–50 (0: always forwarded). A channel with mode
    /// <c>p2p</c> in its settings is a mesh up to twice this number.
    /// </summary>
    public int P2PThreshold { get; init; } = ChannelDefaults.P2PThreshold;

    /// <summary>
    /// Allows meshes, in which members see each other's IP addresses. With false every channel is forwarded, whatever its settings say,
    /// and a channel without a media node has no audio. Set it for the gateways too, which report it to clients. Default true.
    /// </summary>
    public bool AllowMesh { get; init; } = true;

    /// <summary>
    /// The number of members at or below which a forwarded channel becomes a mesh again. Default 6, range 0–<see cref="P2PThreshold"/>.
    /// </summary>
    public int ReturnThreshold { get; init; } = 6;

    /// <summary>
    /// The time for which a forwarded channel must stay at or below <see cref="ReturnThreshold"/> before it becomes a mesh again. A
    /// requested mode lasts for the same time. Default 30 s, range 0–1 h.
    /// </summary>
    public TimeSpan ReturnDelay { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The time after which a prepared layout is committed even if members are not ready. Default 5 s, range 100 ms–60 s.
    /// </summary>
    public TimeSpan SwitchTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The time for which old rooms stay open after a commit, for clients that still play them (the SDK switches within 2 s). Default 3 s,
    /// range 0–30 s.
    /// </summary>
    public TimeSpan CloseGrace { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>The time after which a channel that found no media node retries. Default 2 s, range 100 ms–5 min.</summary>
    public TimeSpan NodeRetryDelay { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The time within which a client that lost its socket can resume its session. Default 30 s, range 0–10 min.</summary>
    public TimeSpan ResumeWindow { get; init; } = ChannelDefaults.ResumeWindow;

    /// <summary>The highest number of members of a channel whose settings contain no limit. Default 200, range 1–10,000.</summary>
    public int MaxParticipants { get; init; } = ChannelDefaults.MaxParticipants;

    /// <summary>The number of forwarded streams that each endpoint receives. Default 6, range 1–32.</summary>
    public int Slots { get; init; } = ChannelDefaults.Slots;

    /// <summary>
    /// The number of consecutive endpoints that a member is offered in a layout before it leaves with <c>mediaUnavailable</c>. Default 3,
    /// range 1–20.
    /// </summary>
    public int EndpointAttempts { get; init; } = 3;

    /// <summary>
    /// Lets endpoints move to other media nodes under the same keys (docs/architecture.md). Default true; with false, keys never leave
    /// their node.
    /// </summary>
    public bool PortableTransports { get; init; } = true;

    /// <summary>
    /// The time within which a client must follow its endpoint to another node; then it is offered an ICE restart. Default 1.5 s, range
    /// 100 ms–30 s.
    /// </summary>
    public TimeSpan FollowTimeout { get; init; } = TimeSpan.FromSeconds(1.5);

    /// <summary>
    /// The time within which an ICE restart must succeed; then the client is offered a new connection. Default 3 s, range 100 ms–30 s.
    /// </summary>
    public TimeSpan RestartTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// The highest number of members of a room; more members of a region get another room, linked with it. Default 500, range 1–10,000.
    /// </summary>
    public int RoomCapacity { get; init; } = 500;

    /// <summary>The shortest time between two checkpoints of a channel. Default 250 ms, range 10 ms–10 s.</summary>
    public TimeSpan CheckpointInterval { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The number of members above which roster changes are sent in batches. Default 50, range 0–10,000.</summary>
    public int RosterBatchAbove { get; init; } = 50;

    /// <summary>The time for which a batch of roster changes is collected. Default 100 ms, range 10 ms–5 s.</summary>
    public TimeSpan RosterBatchInterval { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// The interval in which a channel with members renews its index entry, which expires after three times as long. Default 10 s, range 1
    /// s–5 min.
    /// </summary>
    public TimeSpan IndexRenewal { get; init; } = TimeSpan.FromSeconds(10);
}
