using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace Hype.MediaNode.Tests.Testing;

/// <summary>
/// A fake clock that records the delays requested from it. <see cref="RunAsync(Task)"/> advances the clock by each delay as soon as the
/// delay is requested.
/// </summary>
internal sealed class RecordingTime : FakeTimeProvider
{
    private readonly ConcurrentQueue<TimeSpan> _delays = new();
    private readonly ConcurrentDictionary<TimeSpan, TaskCompletionSource> _repeating = new();
    private readonly Channel<TimeSpan> _requested = Channel.CreateUnbounded<TimeSpan>();

    public IEnumerable<double> DelaysInMilliseconds => _delays.Select(delay => delay.TotalMilliseconds);

    /// <summary>Returns a task that completes when a timer with this repetition interval has been created.</summary>
    public Task RepeatingAsync(TimeSpan interval) => RepeatingAt(interval).Task;

    /// <summary>
    /// Advances the clock by each requested delay and by the first interval of each repeating timer, until the task completes.
    /// </summary>
    public async Task RunAsync(Task task)
    {
        while (!task.IsCompleted)
        {
            await Task.WhenAny(task, _requested.Reader.WaitToReadAsync().AsTask());
            while (!task.IsCompleted && _requested.Reader.TryRead(out var delay))
                Advance(delay);
        }

        await task;
    }

    /// <inheritdoc cref="RunAsync(Task)"/>
    public async Task<T> RunAsync<T>(Task<T> task)
    {
        await RunAsync((Task)task);
        return await task;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (period == Timeout.InfiniteTimeSpan && dueTime > TimeSpan.Zero)
            _delays.Enqueue(dueTime);
        var timer = base.CreateTimer(callback, state, dueTime, period);
        // From now on a test may advance the clock.
        RepeatingAt(period).TrySetResult();
        if (dueTime > TimeSpan.Zero)
            _requested.Writer.TryWrite(dueTime);
        return timer;
    }

    private TaskCompletionSource RepeatingAt(TimeSpan interval) =>
        _repeating.GetOrAdd(interval, static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
}
