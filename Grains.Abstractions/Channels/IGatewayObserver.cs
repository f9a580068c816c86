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
    [OneWay, Alias("ChannelChanged")]
    Task ChannelChanged(ChannelEventBatch batch);

    /// <summary>
    /// Delivers an SDP offer, SDP answer or ICE candidate of another member to a session whose socket this gateway holds.
    /// </summary>
    [OneWay, Alias("Signalled")]
    Task Signalled(ChannelId channel, SessionId to, PeerSignal signal);
}
