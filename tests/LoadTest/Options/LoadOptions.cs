using System.Net;
using Hype.MediaClient;

namespace Hype.LoadTest.Options;

/// <summary>The pattern in which the speakers of a channel talk.</summary>
internal enum TalkPattern
{
    /// <summary>Every speaker talks all the time: the worst case, whose figures can be compared between runs.</summary>
    All,

    /// <summary>Speakers take turns, pause and interrupt each other, as in conversation; a silent speaker sends nothing.</summary>
    Turns,
}

/// <summary>The mode that the tool sets for its channels.</summary>
internal enum ChannelPolicy
{
    /// <summary>Lets the server choose between P2P and SFU.</summary>
    Auto,
    P2P,
    Sfu,
}

/// <summary>The parameters of a run: all values of the command line, validated.</summary>
internal sealed record LoadOptions
{
    /// <summary>The kind of server: <c>hype</c> or another name that <see cref="Targets.VoiceTargets"/> knows.</summary>
    public required string Target { get; init; }

    /// <summary>The server's address: the URL of a gateway, or of Janus' WebSocket transport.</summary>
    public required Uri Url { get; init; }

    /// <summary>The gateways over which the participants are spread; <see cref="Url"/> is the first one.</summary>
    public required IReadOnlyList<Uri> Gateways { get; init; }

    /// <summary>
    /// The least disruptive method by which participants follow an endpoint that moves to another node: candidate, ICE restart or new
    /// connection, in this order. Participants ignore the methods before it.
    /// </summary>
    public required MoveWay Follow { get; init; }

    public required int Channels { get; init; }

    /// <summary>The number of participants per channel.</summary>
    public required int Participants { get; init; }

    /// <summary>The number of speakers per channel; the first participants of each channel are its speakers.</summary>
    public required int Speakers { get; init; }

    public required TalkPattern Talk { get; init; }

    /// <summary>True if speakers receive no audio. Each channel then has exactly speakers × listeners forwarded streams.</summary>
    public required bool DeafSpeakers { get; init; }

    /// <summary>The number of joins per second, over all channels.</summary>
    public required double JoinRate { get; init; }

    /// <summary>The length of the steady part of the run, which starts after the last join.</summary>
    public required TimeSpan Duration { get; init; }

    public required ChannelPolicy Mode { get; init; }

    /// <summary>The number of participants per minute, over all channels, that leave and are replaced by new ones.</summary>
    public required double Churn { get; init; }

    /// <summary>The probability that a datagram is lost between participant and server, in each direction, 0–1.</summary>
    public required double PacketLoss { get; init; }

    /// <summary>The maximum of the random delay of each datagram in each direction; the delay is uniformly distributed from 0.</summary>
    public required TimeSpan Jitter { get; init; }

    /// <summary>
    /// The number of datagrams per second that a hostile member of the first channel sends; 0: the run has no hostile member.
    /// </summary>
    public int HostileRate { get; init; }

    /// <summary>The region that the participants claim to be near; null: they name no region.</summary>
    public required string? Region { get; init; }

    /// <summary>The payload of a frame in bytes, without RTP header and SRTP tag.</summary>
    public required int Payload { get; init; }

    public required bool ControlOnly { get; init; }

    /// <summary>True if a control-only run adds sessions until joins fail or <see cref="MaxSessions"/> is reached.</summary>
    public required bool Ramp { get; init; }

    public required int MaxSessions { get; init; }

    public required int Seed { get; init; }

    /// <summary>The ids of the server's processes on this machine; empty: the tool finds them by the port of <see cref="Url"/>.</summary>
    public required IReadOnlyList<int> Processes { get; init; }

    /// <summary>
    /// True if the media threads poll their sockets once a millisecond instead of waiting for datagrams. A server on the same machine
    /// would otherwise spend CPU on waking them, a cost that remote receivers do not cause.
    /// </summary>
    public bool Sweep { get; init; }

    /// <summary>The loss, in percent of the expected packets, above which the run fails; null: no limit.</summary>
    public required double? MaxLoss { get; init; }

    /// <summary>
    /// The p99 of the delay, in ms, from a frame's sending to its arrival at a listener's socket, above which the run fails; null: no
    /// limit.
    /// </summary>
    public required double? MaxP99 { get; init; }

    /// <summary>The prefix of the channels' names. Runs with different prefixes can share a deployment.</summary>
    public required string Prefix { get; init; }

    public required ApiKey Key { get; init; }

    public required bool Json { get; init; }

    /// <summary>The file to which the picture of the run is written; null: no picture.</summary>
    public required FileInfo? Picture { get; init; }

    /// <summary>This machine's address on the route to <see cref="Url"/>.</summary>
    public IPAddress LocalAddress { get; init; } = IPAddress.Loopback;

    public int TotalParticipants => Channels * Participants;
}
