using Hype.MediaNode.Configuration;
using Hype.MediaNode.Workers;
using Microsoft.Extensions.Options;

namespace Hype.MediaNode.NodeState;

/// <summary>
/// The node is to be empty: its beats say so, it takes no new rooms, and the control plane moves those it has. Either an administrator
/// ordered it, and may take it back; or the process is to end, and serves on meanwhile for <see cref="MediaNodeOptions.DrainTimeout"/> at most.
/// </summary>
internal sealed partial class NodeDrain(WorkerPool pool, IOptions<MediaNodeOptions> options, TimeProvider time, ILogger<NodeDrain> logger)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    private readonly ILogger<NodeDrain> _logger = logger;
    private volatile bool _ordered;
    private volatile bool _ending;
    private TaskCompletionSource _changed = NewChange();

    public bool IsDraining => _ordered || _ending;

    /// <summary>Completes at the next change of <see cref="IsDraining"/>.</summary>
    public Task Changed => Volatile.Read(ref _changed).Task;

    /// <summary>An administrator's order. It ends with the process: started again, a node serves.</summary>
    public void Order(bool draining)
    {
        LogOrdered(draining ? "to be empty" : "to serve again");
        Change(() => _ordered = draining);
    }

    /// <summary>The process is to end. Returns when the node has no endpoints, the time is up, or <paramref name="atOnce"/> says so.</summary>
    public async Task RunAsync(CancellationToken atOnce)
    {
        var started = time.GetTimestamp();
        LogBegan(pool.Endpoints, Rooms, options.Value.DrainTimeout);
        Change(() => _ending = true);
        while (pool.Endpoints > 0 && time.GetElapsedTime(started) < options.Value.DrainTimeout && !atOnce.IsCancellationRequested)
            await Task.Delay(Look, time, atOnce).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        LogEnded(time.GetElapsedTime(started).TotalSeconds, pool.Endpoints, Rooms);
    }

    private static TaskCompletionSource NewChange() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Change(Action change)
    {
        var before = IsDraining;
        change();
        if (IsDraining != before)
            Interlocked.Exchange(ref _changed, NewChange()).SetResult();
    }

    [LoggerMessage(LogLevel.Information, "Ordered {Order}")]
    private partial void LogOrdered(string order);

    private int Rooms => pool.Workers.Sum(worker => worker.Counters.Rooms);

    [LoggerMessage(LogLevel.Information, "Draining: {Endpoints} endpoints in {Rooms} rooms are to be moved within {Limit}")]
    private partial void LogBegan(int endpoints, int rooms, TimeSpan limit);

    [LoggerMessage(LogLevel.Information, "Drained for {Seconds:0.0} s: {Endpoints} endpoints in {Rooms} rooms are left")]
    private partial void LogEnded(double seconds, int endpoints, int rooms);
}
