using Hype.Grains.Abstractions.Calls;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Abstractions.Participants;

namespace Hype.Grains.Abstractions.Sessions;

/// <summary>
/// The mailbox of a session; the grain key is the <see cref="SessionId"/> as a Guid. It relays peer signals of a mesh to the gateway that
/// holds the session's socket, so that the many ICE candidates do not delay the channel grain. While the session is away, the signals
/// wait, within the limits of <c>Hype:Participants</c>.
/// </summary>
[Alias("hype.ISessionMailboxGrain")]
public interface ISessionMailboxGrain : IGrainWithGuidKey
{
    /// <summary>
    /// Sets the gateway that holds the session's socket, and delivers the waiting signals to it. The channel makes this call for each
    /// join, resume and attach. For a join or a resume, it makes the call before it answers the gateway, so a gateway may receive signals
    /// shortly before that answer.
    /// </summary>
    /// <param name="report">A call with an older number than another attach or detach of the channel changes nothing.</param>
    [Alias("Attach"), Idempotent]
    Task Attach(ChannelId channel, MemberNumber number, GatewayRef gateway, ReportNumber report);

    [Alias("Detach"), Idempotent]
    Task Detach(string gatewayId, ReportNumber report);

    /// <summary>
    /// Relays a signal to the session's client. Returns <see cref="VoiceError.UnknownParticipant"/> if the session has ended.
    /// </summary>
    [Alias("Signal"), Idempotent]
    Task<VoiceError> Signal(ChannelId channel, PeerSignal signal);

    /// <summary>
    /// Takes a quality measurement of the client. If the quality level changed, the mailbox reports the new level to the channel.
    /// </summary>
    [Alias("ReportQuality"), Idempotent]
    Task ReportQuality(QualityReport report);

    [Alias("End"), Idempotent]
    Task End();
}

/// <summary>A client's measurement of its media path: loss, jitter and round-trip time.</summary>
/// <param name="RoundTripMs">Round-trip time, milliseconds; 0 when unknown.</param>
/// <param name="LossPercent">Packets lost, 0–100.</param>
/// <param name="JitterMs">Interarrival jitter (RFC 3550 §6.4.1), milliseconds.</param>
[GenerateSerializer, Immutable, Alias("hype.QualityReport")]
public sealed record QualityReport(
    [property: Id(0)] double RoundTripMs, [property: Id(1)] double LossPercent, [property: Id(2)] double JitterMs);
