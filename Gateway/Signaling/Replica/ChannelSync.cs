using Hype.Gateway.Cluster;
using Microsoft.Extensions.Options;

namespace Hype.Gateway.Signaling.Replica;

/// <summary>
/// Attaches to channels again: at once to those whose stream of batches broke or that have a new incarnation, and to all
/// of them now and then. The latter is soft state healing itself: it renews this gateway's observer reference in the
/// channel, and finds out about a lost last batch that no later one betrays.
/// </summary>
internal sealed partial class ChannelSync(
    SessionRegistry registry,
    GrainAccess grains,
    IOptions<SignalingOptions> options,
    TimeProvider time,
    ILogger<ChannelSync> logger) : BackgroundService
{
    /// <summary>Between two attempts at a channel that does not answer.</summary>
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stopping)
    {
        await using var renewal = time.CreateTimer(_ => registry.WantAllSnapshots(), null, options.Value.ResyncInterval, options.Value.ResyncInterval);
        await foreach (var view in registry.WantingSnapshot.ReadAllAsync(stopping))
            _ = SyncAsync(view, stopping);
    }

    private async Task SyncAsync(ChannelView view, CancellationToken stopping)
    {
        try
        {
            while (!await TrySyncAsync(view) && registry.IsLive(view))
                await Task.Delay(RetryDelay, time, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // This gateway stops; its sockets are told so.
        }
    }

    private async Task<bool> TrySyncAsync(ChannelView view)
    {
        registry.TakeUp(view);
        var sessions = view.BeginResync();
        if (sessions.Length == 0)
            return true;
        try
        {
            return view.Resync(await grains.Ask(grains.Channel(view.Channel).Attach(grains.Gateway, sessions)));
        }
        catch (Exception exception)
        {
            LogNoAnswer(view.Channel.Value, exception);
            return false;
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Channel {Channel} does not answer; its sockets here wait for a snapshot")]
    private partial void LogNoAnswer(string channel, Exception exception);
}
