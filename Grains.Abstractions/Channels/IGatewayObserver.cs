using Hype.Grains.Abstractions.Participants;
using Orleans.Concurrency;

namespace Hype.Grains.Abstractions.Channels;

/// <summary>A gateway's ear. Each change reaches a gateway once; the gateway fans it out to its sockets.</summary>
[Alias("hype.IGatewayObserver")]
public interface IGatewayObserver : IGrainObserver
{
    [OneWay, Alias("ChannelChanged")]
    Task ChannelChanged(ChannelEventBatch batch);

    /// <summary>A peer's offer, answer or candidate for a session whose socket this gateway holds.</summary>
    [OneWay, Alias("Signalled")]
    Task Signalled(ChannelId channel, SessionId to, PeerSignal signal);
}
