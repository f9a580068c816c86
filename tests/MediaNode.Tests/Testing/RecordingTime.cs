using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;

namespace Hype.MediaNode.Tests.Testing;

/// <summary>A fake clock that records the single delays requested from it, without repeating timers.</summary>
internal sealed class RecordingTime : FakeTimeProvider
{
    private readonly ConcurrentQueue<TimeSpan> _pauses = new();
    private readonly ConcurrentQueue<TimeSpan> _periods = new();

    public IEnumerable<double> PausesInMilliseconds => _pauses.Select(pause => pause.TotalMilliseconds);

    /// <summary>True if a timer repeats at this interval.</summary>
    public bool HasTimer(TimeSpan period) => _periods.Contains(period);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (period == Timeout.InfiniteTimeSpan && dueTime > TimeSpan.Zero)
            _pauses.Enqueue(dueTime);
        var timer = base.CreateTimer(callback, state, dueTime, period);
        // From now on a test may advance the clock.
        _periods.Enqueue(period);
        return timer;
    }
}
