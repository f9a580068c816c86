using Hype.Grains.Abstractions.Participants;
using Orleans.Concurrency;

namespace Hype.Grains.Abstractions.Channels;

/// <summary>
/// Receives the events of channels at a gateway. Each event reaches a gateway once; the gateway sends it to its sockets.
/// </summary>
[Alias("hype.IGatewayObserver")]
public interface IGatewayObserver : IGrainObserver
{
    [OneWay, Alias("ChannelChanged")]
    Task ChannelChanged(ChannelEventBatch batch);

    /// <summary>Delivers a peer's offer, answer or candidate for a session whose socket this gateway holds.</summary>
    [OneWay, Alias("Signalled")]
    Task Signalled(ChannelId channel, SessionId to, PeerSignal signal);
}
