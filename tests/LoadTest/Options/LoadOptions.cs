using System.Net;
using Hype.MediaClient;

namespace Hype.LoadTest.Options;

/// <summary>The pattern in which the speakers of a channel talk.</summary>
internal enum TalkPattern
{
    /// <summary>Every speaker talks all the time: the worst case, with comparable figures.</summary>
    All,

    /// <summary>Turns, pauses and interruptions as in conversation; a silent speaker sends nothing.</summary>
    Turns,
}

/// <summary>The mode of a channel.</summary>
internal enum ChannelPolicy
{
    /// <summary>The server's own choice, left unchanged.</summary>
    Auto,
    P2P,
    Sfu,
}

/// <summary>The parameters of a run: the whole command line, validated.</summary>
internal sealed record LoadOptions
{
    /// <summary><c>hype</c> or another name that <see cref="Targets.VoiceTargets"/> knows.</summary>
    public required string Target { get; init; }

    /// <summary>The server's address: a gateway's, or that of another target.</summary>
    public required Uri Url { get; init; }

    /// <summary>All gateways of the deployment that participants may use, <see cref="Url"/> first; they are spread over them.</summary>
    public required IReadOnlyList<Uri> Gateways { get; init; }

    /// <summary>The lightest method by which participants follow a moving endpoint; they ignore lighter ones.</summary>
    public required MoveWay Follow { get; init; }

    public required int Channels { get; init; }

    /// <summary>The number of participants per channel.</summary>
    public required int Participants { get; init; }

    /// <summary>The number of speakers per channel: its first participants.</summary>
    public required int Speakers { get; init; }

    public required TalkPattern Talk { get; init; }

    /// <summary>Speakers receive no audio: forwarded copies are then speakers × listeners.</summary>
    public required bool DeafSpeakers { get; init; }

    /// <summary>Joins per second, over all channels.</summary>
    public required double JoinRate { get; init; }

    /// <summary>The duration of the run after the last join.</summary>
    public required TimeSpan Duration { get; init; }

    public required ChannelPolicy Mode { get; init; }

    /// <summary>The number of leaves per minute over all channels; a join follows each leave.</summary>
    public required double Churn { get; init; }

    /// <summary>The probability that a datagram is lost between participant and server, in each direction, 0–1.</summary>
    public required double PacketLoss { get; init; }

    /// <summary>Datagrams are delayed by 0 to this value, uniformly, in each direction.</summary>
    public required TimeSpan Jitter { get; init; }

    /// <summary>The region that the participants claim to be near; null: none.</summary>
    public required string? Region { get; init; }

    /// <summary>The size of a frame in bytes, without RTP header and tag.</summary>
    public required int Payload { get; init; }

    public required bool ControlOnly { get; init; }

    /// <summary>Adds control-only sessions until joins fail or <see cref="MaxSessions"/> is reached.</summary>
    public required bool Ramp { get; init; }

    public required int MaxSessions { get; init; }

    public required int Seed { get; init; }

    /// <summary>The server's processes on this machine; empty: found by the port of <see cref="Url"/>.</summary>
    public required IReadOnlyList<int> Processes { get; init; }

    /// <summary>
    /// The media threads poll their sockets once a millisecond. Otherwise a server on the same machine pays for waking them, a cost that
    /// remote receivers do not cause.
    /// </summary>
    public bool Sweep { get; init; }

    /// <summary>Lost packets, in percent of the expected ones, above which the run fails; null: no limit.</summary>
    public required double? MaxLoss { get; init; }

    /// <summary>The p99 of mouth to socket in ms above which the run fails; null: no limit.</summary>
    public required double? MaxP99 { get; init; }

    /// <summary>The prefix of the names of channels and participants: runs with different prefixes can share a deployment.</summary>
    public required string Prefix { get; init; }

    public required ApiKey Key { get; init; }

    public required bool Json { get; init; }

    /// <summary>The file of the picture; null: none.</summary>
    public required FileInfo? Picture { get; init; }

    /// <summary>This machine's address on the way to <see cref="Url"/>.</summary>
    public IPAddress LocalAddress { get; init; } = IPAddress.Loopback;

    public int TotalParticipants => Channels * Participants;
}
