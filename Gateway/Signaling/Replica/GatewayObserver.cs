using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Participants;

namespace Hype.Gateway.Signaling.Replica;

/// <summary>
/// The ear of this gateway in the cluster. Returns at once: frames are queued, and a channel that is out of step is put on
/// the list of those to attach to (<see cref="ChannelSync"/>).
/// </summary>
internal sealed class GatewayObserver(SessionRegistry registry) : IGatewayObserver
{
    public Task ChannelChanged(ChannelEventBatch batch)
    {
        if (registry.Find(batch.Channel) is { } view && !view.Apply(batch))
            registry.WantSnapshot(view);
        return Task.CompletedTask;
    }

    public Task Signalled(ChannelId channel, SessionId to, PeerSignal signal)
    {
        registry.Find(channel)?.Signal(to, signal);
        return Task.CompletedTask;
    }
}
