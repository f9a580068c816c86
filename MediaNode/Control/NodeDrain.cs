using Hype.MediaNode.Hosting;
using Hype.MediaNode.Workers;
using Microsoft.Extensions.Options;

namespace Hype.MediaNode.Control;

/// <summary>
/// The node's own wish to be empty: its beats say so, it takes no new rooms, and the control plane moves those it has. It serves on
/// meanwhile, for <see cref="MediaNodeOptions.DrainTimeout"/> at most.
/// </summary>
internal sealed partial class NodeDrain(WorkerPool pool, IOptions<MediaNodeOptions> options, TimeProvider time, ILogger<NodeDrain> logger)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    private readonly TaskCompletionSource _began = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ILogger<NodeDrain> _logger = logger;

    /// <summary>Completes when it begins; there is no way back.</summary>
    public Task Began => _began.Task;

    public bool IsDraining => Began.IsCompleted;

    /// <summary>Begins, and returns when the node has no endpoints, the time is up, or <paramref name="atOnce"/> says so.</summary>
    public async Task RunAsync(CancellationToken atOnce)
    {
        var started = time.GetTimestamp();
        LogBegan(pool.Endpoints, Rooms, options.Value.DrainTimeout);
        _began.TrySetResult();
        while (pool.Endpoints > 0 && time.GetElapsedTime(started) < options.Value.DrainTimeout && !atOnce.IsCancellationRequested)
            await Task.Delay(Look, time, atOnce).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        LogEnded(time.GetElapsedTime(started).TotalSeconds, pool.Endpoints, Rooms);
    }

    private int Rooms => pool.Workers.Sum(worker => worker.Counters.Rooms);

    [LoggerMessage(LogLevel.Information, "Draining: {Endpoints} endpoints in {Rooms} rooms are to be moved within {Limit}")]
    private partial void LogBegan(int endpoints, int rooms, TimeSpan limit);

    [LoggerMessage(LogLevel.Information, "Drained for {Seconds:0.0} s: {Endpoints} endpoints in {Rooms} rooms are left")]
    private partial void LogEnded(double seconds, int endpoints, int rooms);
}
