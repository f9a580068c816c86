using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Participants;

namespace Hype.Gateway.Signaling.Replica;

/// <summary>
/// Receives the events that channels publish to this gateway. Its methods return at once: frames are queued, and a replica with a gap
/// requests a snapshot, which <see cref="ChannelSync"/> fetches.
/// </summary>
internal sealed class GatewayObserver(SessionRegistry registry, ReplicaMetrics metrics, TimeProvider time) : IGatewayObserver
{
    /// <summary>The time that early batches wait for an earlier one: more than the difference between two routes in a WAN.</summary>
    internal static readonly TimeSpan GapLimit = TimeSpan.FromMilliseconds(200);

    public Task ChannelChanged(ChannelEventBatch batch)
    {
        if (registry.Find(batch.Channel) is not { } replica)
            return Task.CompletedTask;
        if (!replica.Apply(batch, out var missing))
            registry.RequestSnapshot(replica);
        else if (missing is { } number)
            _ = WaitAsync(replica, number);
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

    private async Task WaitAsync(ChannelReplica replica, long missing)
    {
        await Task.Delay(GapLimit, time);
        var isMissing = replica.GiveUp(missing);
        metrics.GapEnded(isMissing ? GapOutcome.Snapshot : GapOutcome.Filled);
        if (isMissing)
            registry.RequestSnapshot(replica);
    }
}
