using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;

namespace Hype.MediaNode.Tests.Control;

/// <summary>A fake clock that remembers which single pauses were asked of it; timers that repeat are not pauses.</summary>
internal sealed class RecordingTime : FakeTimeProvider
{
    private readonly ConcurrentQueue<TimeSpan> _pauses = new();

    public IEnumerable<double> PausesInMilliseconds => _pauses.Select(pause => pause.TotalMilliseconds);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (period == Timeout.InfiniteTimeSpan && dueTime > TimeSpan.Zero)
            _pauses.Enqueue(dueTime);
        return base.CreateTimer(callback, state, dueTime, period);
    }
}
