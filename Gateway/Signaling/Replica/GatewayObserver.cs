using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Participants;

namespace Hype.Gateway.Signaling.Replica;

/// <summary>
/// Receives the events that channels publish to this gateway. Its methods return at once: frames are queued, and a replica with a gap
/// requests a snapshot, which <see cref="ChannelSync"/> fetches.
/// </summary>
internal sealed class GatewayObserver(SessionRegistry registry) : IGatewayObserver
{
    public Task ChannelChanged(ChannelEventBatch batch)
    {
        if (registry.Find(batch.Channel) is { } replica && !replica.Apply(batch))
            registry.RequestSnapshot(replica);
        return Task.CompletedTask;
    }

    public Task<ChannelId[]> RenewLease(ChannelId[] channels, bool lost)
    {
        if (lost)
            registry.RequestAllSnapshots();
        return Task.FromResult(Array.FindAll(channels, channel => registry.Find(channel) is null));
    }

    public Task<bool> Signalled(ChannelId channel, SessionId to, PeerSignal[] signals) =>
        Task.FromResult(registry.Find(channel) is { } replica && Array.TrueForAll(signals, signal => replica.Signal(to, signal)));
}
