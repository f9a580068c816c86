using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;

namespace Hype.Grains.Abstractions.Participants;

/// <summary>
/// One session, key = <see cref="SessionId"/> as a Guid: which gateway holds its socket, and the relay of P2P signaling to it,
/// so that a mesh's many candidates never queue behind the channel's decisions. Signals for a session whose socket is
/// away wait for it, at most <c>Hype:Participants:MaxPendingSignals</c>.
/// </summary>
[Alias("hype.ISessionMailboxGrain")]
public interface ISessionMailboxGrain : IGrainWithGuidKey
{
    /// <summary>
    /// The gateway holds this session's socket; waiting signals are delivered to it. The channel calls it with every join,
    /// resume and attach, before it answers the first two, so that a gateway may see signals a moment before that answer.
    /// </summary>
    [Alias("Attach")]
    Task Attach(ChannelId channel, MemberNumber number, GatewayRef gateway);

    [Alias("Detach")]
    Task Detach(string gatewayId);

    /// <summary>Relays to the session's socket. <see cref="VoiceError.UnknownParticipant"/> when the session is over.</summary>
    [Alias("Signal")]
    Task<VoiceError> Signal(ChannelId channel, PeerSignal signal);

    /// <summary>What the client measured; a change of level reaches the channel's roster.</summary>
    [Alias("ReportQuality")]
    Task ReportQuality(QualityReport report);

    [Alias("End")]
    Task End();
}

/// <summary>A client's view of its own media path.</summary>
/// <param name="RoundTripMs">Round-trip time, milliseconds; 0 when unknown.</param>
/// <param name="LossPercent">Packets lost, 0–100.</param>
/// <param name="JitterMs">Interarrival jitter (RFC 3550 §6.4.1), milliseconds.</param>
[GenerateSerializer, Immutable, Alias("hype.QualityReport")]
public sealed record QualityReport([property: Id(0)] double RoundTripMs, [property: Id(1)] double LossPercent, [property: Id(2)] double JitterMs);
