using Hype.Grains.Abstractions.Calls;
using Hype.Grains.Abstractions.Participants;
using Orleans.Concurrency;

namespace Hype.Grains.Abstractions.Channels;

/// <summary>
/// The part of a gateway that receives the events of channels. A channel sends each event once to each gateway, which forwards it to the
/// sockets of the channel's clients.
/// </summary>
[Alias("hype.IGatewayObserver")]
public interface IGatewayObserver : IGrainObserver
{
    /// <summary>
    /// Delivers a batch of events. The call has no answer, not even when the gateway is gone: <see cref="RenewLease"/> detects that, and
    /// a lost batch leaves a gap in the numbers of the batches.
    /// </summary>
    [OneWay, Alias("ChannelChanged")]
    Task ChannelChanged(ChannelEventBatch batch);

    /// <summary>
    /// Asks the gateway to renew its lease with a silo. Each silo makes this call every second to each gateway with sessions in its
    /// channels.
    /// </summary>
    /// <param name="channels">Channels of the silo that have sessions at this gateway; a part of them if there are many.</param>
    /// <param name="lost">
    /// The lease was lost, and its sessions count as away: the gateway attaches again to all channels in which it has sockets.
    /// </param>
    /// <returns>The channels among <paramref name="channels"/> in which the gateway has no session.</returns>
    [Alias("RenewLease"), ResponseTimeout(CallTimeouts.Attempt)]
    Task<ChannelId[]> RenewLease(ChannelId[] channels, bool lost);

    /// <summary>
    /// Delivers SDP offers, SDP answers and ICE candidates of other members to a session whose socket this gateway holds. The answer
    /// acknowledges them; without it, they wait in the session's mailbox. If only the answer is lost, they are delivered twice.
    /// </summary>
    /// <returns>False if the session is not at this gateway.</returns>
    [Alias("Signalled"), ResponseTimeout(CallTimeouts.Attempt)]
    Task<bool> Signalled(ChannelId channel, SessionId to, PeerSignal[] signals);
}
