using Hype.Gateway.Cluster;
using Microsoft.Extensions.Options;

namespace Hype.Gateway.Signaling.Replica;

/// <summary>
/// Attaches to channels again: at once to those whose batches have a gap or that have a new incarnation, and to every channel
/// periodically. The periodic attach repairs soft state: it renews this gateway's observer reference in the channel, and detects a lost
/// last batch that no later one reveals.
/// </summary>
internal sealed partial class ChannelSync(
    SessionRegistry registry,
    GrainAccess grains,
    IOptions<SignalingOptions> options,
    TimeProvider time,
    ILogger<ChannelSync> logger) : BackgroundService
{
    /// <summary>The time that the gateway waits before it repeats an attach call that the channel did not answer.</summary>
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stopping)
    {
        await using var renewal = time.CreateTimer(
            _ => registry.RequestAllSnapshots(), null, options.Value.ResyncInterval, options.Value.ResyncInterval);
        await foreach (var replica in registry.SnapshotRequests.ReadAllAsync(stopping))
            _ = SyncAsync(replica, stopping);
    }

    private async Task SyncAsync(ChannelReplica replica, CancellationToken stopping)
    {
        try
        {
            while (!await TrySyncAsync(replica) && registry.IsLive(replica))
                await Task.Delay(RetryDelay, time, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // This gateway stops, and its sockets are notified.
        }
    }

    private async Task<bool> TrySyncAsync(ChannelReplica replica)
    {
        registry.BeginSync(replica);
        var sessions = replica.BeginResync();
        if (sessions.Length == 0)
            return true;
        try
        {
            return replica.Resync(await grains.Ask(grains.Channel(replica.Channel).Attach(grains.Gateway, sessions)));
        }
        catch (Exception exception)
        {
            LogNoAnswer(replica.Channel.Value, exception);
            return false;
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning, Message = "Channel {Channel} does not answer; its sockets at this gateway wait for a snapshot")]
    private partial void LogNoAnswer(string channel, Exception exception);
}
