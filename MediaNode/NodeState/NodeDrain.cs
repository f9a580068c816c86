using Hype.MediaNode.Configuration;
using Hype.MediaNode.Workers;
using Microsoft.Extensions.Options;

namespace Hype.MediaNode.NodeState;

/// <summary>
/// The drain state of the node. A draining node reports the drain in its heartbeats and accepts no new rooms, and the control plane moves
/// its rooms to other nodes. Either an administrator requested the drain and may revoke it, or the process is stopping and continues to
/// serve for at most <see cref="MediaNodeOptions.DrainTimeout"/>.
/// </summary>
internal sealed partial class NodeDrain(WorkerPool pool, IOptions<MediaNodeOptions> options, TimeProvider time, ILogger<NodeDrain> logger)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    private readonly ILogger<NodeDrain> _logger = logger;
    private volatile bool _requested;
    private volatile bool _stopping;
    private TaskCompletionSource _changed = NewChange();

    public bool IsDraining => _requested || _stopping;

    /// <summary>A task that completes at the next change of <see cref="IsDraining"/>.</summary>
    public Task Changed => Volatile.Read(ref _changed).Task;

    /// <summary>
    /// Starts or revokes a drain at an administrator's request. The request is not stored: after a restart the node accepts rooms.
    /// </summary>
    public void Request(bool draining)
    {
        if (draining)
            LogDrainRequested();
        else
            LogDrainRevoked();
        Change(() => _requested = draining);
    }

    /// <summary>
    /// Drains the node before the process stops. Returns when the node has no endpoints, after the drain timeout, or when
    /// <paramref name="atOnce"/> is cancelled.
    /// </summary>
    public async Task RunAsync(CancellationToken atOnce)
    {
        var started = time.GetTimestamp();
        LogBegan(pool.Endpoints, Rooms, options.Value.DrainTimeout);
        Change(() => _stopping = true);
        while (pool.Endpoints > 0 && time.GetElapsedTime(started) < options.Value.DrainTimeout && !atOnce.IsCancellationRequested)
            await Task.Delay(PollInterval, time, atOnce).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        LogEnded(time.GetElapsedTime(started).TotalSeconds, pool.Endpoints, Rooms);
    }

    private int Rooms => pool.Workers.Sum(worker => worker.Counters.Rooms);

    private static TaskCompletionSource NewChange() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Change(Action change)
    {
        var before = IsDraining;
        change();
        if (IsDraining != before)
            Interlocked.Exchange(ref _changed, NewChange()).SetResult();
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Drain requested")]
    private partial void LogDrainRequested();

    [LoggerMessage(Level = LogLevel.Information, Message = "Drain revoked: the node serves again")]
    private partial void LogDrainRevoked();

    [LoggerMessage(Level = LogLevel.Information, Message = "Draining: {Endpoints} endpoints in {Rooms} rooms must move within {Limit}")]
    private partial void LogBegan(int endpoints, int rooms, TimeSpan limit);

    [LoggerMessage(
        Level = LogLevel.Information, Message = "Drain ended after {Seconds:0.0} s: {Endpoints} endpoints in {Rooms} rooms remain")]
    private partial void LogEnded(double seconds, int endpoints, int rooms);
}
