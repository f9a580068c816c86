using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Abstractions.Participants;

namespace Hype.Grains.Abstractions.Sessions;

/// <summary>
/// The mailbox of one session; the grain key is the <see cref="SessionId"/> as a Guid. It relays P2P signals to the gateway that holds the
/// session's socket, so that the many candidates of a mesh never queue behind the channel's decisions. Signals for an away session wait,
/// at most <c>Hype:Participants:MaxPendingSignals</c>.
/// </summary>
[Alias("hype.ISessionMailboxGrain")]
public interface ISessionMailboxGrain : IGrainWithGuidKey
{
    /// <summary>
    /// Sets the gateway that holds this session's socket, and delivers the waiting signals to it. The channel calls it for every join,
    /// resume and attach. It does so before it answers a join or a resume, so a gateway may receive signals just before that answer.
    /// </summary>
    [Alias("Attach")]
    Task Attach(ChannelId channel, MemberNumber number, GatewayRef gateway);

    [Alias("Detach")]
    Task Detach(string gatewayId);

    /// <summary>Relays a signal to the session's socket. <see cref="VoiceError.UnknownParticipant"/> if the session is over.</summary>
    [Alias("Signal")]
    Task<VoiceError> Signal(ChannelId channel, PeerSignal signal);

    /// <summary>Takes the client's measurement; a change of the quality level reaches the channel's roster.</summary>
    [Alias("ReportQuality")]
    Task ReportQuality(QualityReport report);

    [Alias("End")]
    Task End();
}

/// <summary>A client's measurement of its media path.</summary>
/// <param name="RoundTripMs">Round-trip time, milliseconds; 0 when unknown.</param>
/// <param name="LossPercent">Packets lost, 0–100.</param>
/// <param name="JitterMs">Interarrival jitter (RFC 3550 §6.4.1), milliseconds.</param>
[GenerateSerializer, Immutable, Alias("hype.QualityReport")]
public sealed record QualityReport(
    [property: Id(0)] double RoundTripMs, [property: Id(1)] double LossPercent, [property: Id(2)] double JitterMs);
