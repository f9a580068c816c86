using System.Net;
using Hype.MediaClient;

namespace Hype.LoadTest.Options;

/// <summary>How the speakers of a channel take the floor.</summary>
internal enum TalkPattern
{
    /// <summary>Every speaker speaks all the time: the worst case, and the one in which figures compare.</summary>
    All,

    /// <summary>Turns, pauses and interruptions as in conversation; who does not speak sends nothing.</summary>
    Turns,
}

/// <summary>How the media of a channel travels.</summary>
internal enum ChannelPolicy
{
    /// <summary>The server's own choice, which is not touched.</summary>
    Auto,
    P2P,
    Sfu,
}

/// <summary>What a run is: everything that the command line says, valid.</summary>
internal sealed record LoadOptions
{
    /// <summary><c>hype</c> or another name that <see cref="Targets.VoiceTargets"/> knows.</summary>
    public required string Target { get; init; }

    /// <summary>Where the server is: a gateway's address, or what the target takes.</summary>
    public required Uri Url { get; init; }

    /// <summary>All gateways of the deployment that participants may use, <see cref="Url"/> first; they are spread over them.</summary>
    public required IReadOnlyList<Uri> Gateways { get; init; }

    /// <summary>The lightest way in which participants follow an endpoint that moves; lighter ones they do not understand.</summary>
    public required MoveWay Follow { get; init; }

    public required int Channels { get; init; }

    /// <summary>In each channel.</summary>
    public required int Participants { get; init; }

    /// <summary>In each channel; the first so many of its participants.</summary>
    public required int Speakers { get; init; }

    public required TalkPattern Talk { get; init; }

    /// <summary>Speakers are not sent what others say: forwarded copies are then speakers × listeners.</summary>
    public required bool DeafSpeakers { get; init; }

    /// <summary>Joins per second, over all channels.</summary>
    public required double JoinRate { get; init; }

    /// <summary>From the last join on.</summary>
    public required TimeSpan Duration { get; init; }

    public required ChannelPolicy Mode { get; init; }

    /// <summary>Leaves, each followed by a join, per minute, over all channels.</summary>
    public required double Churn { get; init; }

    /// <summary>Probability that a datagram is lost between participant and server, in each direction, 0–1.</summary>
    public required double PacketLoss { get; init; }

    /// <summary>Datagrams are delayed by 0 to this, evenly, in each direction.</summary>
    public required TimeSpan Jitter { get; init; }

    /// <summary>Where the participants claim to be; null: nowhere.</summary>
    public required string? Region { get; init; }

    /// <summary>Bytes of a frame, without RTP header and tag.</summary>
    public required int Payload { get; init; }

    public required bool ControlOnly { get; init; }

    /// <summary>Control-only: grow until joins fail or <see cref="MaxSessions"/> is reached.</summary>
    public required bool Ramp { get; init; }

    public required int MaxSessions { get; init; }

    public required int Seed { get; init; }

    /// <summary>The server's processes on this machine; empty: found by the port of <see cref="Url"/>.</summary>
    public required IReadOnlyList<int> Processes { get; init; }

    /// <summary>
    /// The media threads look at their sockets once a millisecond. On one machine a server that sends otherwise pays for waking them,
    /// which it would not for receivers elsewhere.
    /// </summary>
    public bool Sweep { get; init; }

    /// <summary>Lost packets, in percent of the expected ones, above which the run has failed; null: no limit.</summary>
    public required double? MaxLoss { get; init; }

    /// <summary>Mouth-to-socket p99 in ms above which the run has failed; null: no limit.</summary>
    public required double? MaxP99 { get; init; }

    /// <summary>Beginning of the names of channels and participants: runs with different ones can share a deployment.</summary>
    public required string Prefix { get; init; }

    public required ApiKey Key { get; init; }

    public required bool Json { get; init; }

    /// <summary>Where the picture goes; null: nowhere.</summary>
    public required FileInfo? Picture { get; init; }

    /// <summary>This machine's address on the way to <see cref="Url"/>.</summary>
    public IPAddress LocalAddress { get; init; } = IPAddress.Loopback;

    public int TotalParticipants => Channels * Participants;
}
