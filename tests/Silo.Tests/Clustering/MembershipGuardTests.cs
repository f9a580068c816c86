using Hype.Silo.Clustering;
using Hype.Testing.Waiting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Hype.Silo.Tests.Clustering;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class MembershipGuardTests
{
    private static readonly FailureDetection Detection = new(TimeSpan.FromSeconds(0.75));
    private static readonly TimeSpan Pause = Detection.LongestPause;

    private readonly FakeTimeProvider _time = new();
    private readonly MembershipGate _gate;
    private readonly Queue<RowStatus> _readings = [];
    private readonly TaskCompletionSource<string> _ended = new();
    private readonly TaskCompletionSource _exhausted = new();

    public MembershipGuardTests() => _gate = new MembershipGate(Detection, _time);

    [Test]
    public async Task Silo_that_was_declared_dead_ends_at_the_first_reading()
    {
        await using var guard = Start(RowStatus.Dead);
        Assert.That(await _ended.Task, Does.Contain("declared it dead"));
        Assert.That(_gate.IsOpen(), Is.False);
    }

    [Test]
    public async Task Silo_without_a_row_in_two_readings_ends()
    {
        await using var guard = Start(RowStatus.Member, RowStatus.Missing, RowStatus.Missing);
        await PassAsync(_ended.Task);
        Assert.That(await _ended.Task, Does.Contain("Redis was emptied"));
        Assert.That(_gate.IsOpen(), Is.False);
    }

    [Test]
    public async Task Silo_continues_without_Redis_and_after_one_missing_row()
    {
        await using var guard = Start(
            RowStatus.Unknown, RowStatus.Unknown, RowStatus.Missing, RowStatus.Unknown, RowStatus.Missing, RowStatus.Member);
        await PassAsync(_exhausted.Task);
        Assert.That(_ended.Task.IsCompleted, Is.False);
        Assert.That(_gate.IsOpen(), Is.True);
    }

    [Test]
    public async Task Paused_silo_that_is_still_a_member_answers_again()
    {
        _time.Advance(Pause);
        Assert.That(_gate.IsOpen(), Is.False);
        await using var guard = Start(RowStatus.Unknown, RowStatus.Member);
        await PassAsync(_gate.PassAsync().AsTask());
        Assert.That(_gate.IsOpen(), Is.True);
    }

    [Test]
    public async Task Paused_silo_without_Redis_does_not_answer()
    {
        _time.Advance(Pause);
        Assert.That(_gate.IsOpen(), Is.False);
        await using var guard = Start(RowStatus.Unknown, RowStatus.Unknown, RowStatus.Unknown);
        await PassAsync(_exhausted.Task);
        Assert.That(_gate.IsOpen(), Is.False);
    }

    [Test]
    public async Task Unreadable_table_is_reported_at_most_every_ten_seconds()
    {
        _time.Advance(Pause);
        Assert.That(_gate.IsOpen(), Is.False);
        var (readings, log, began) = (0, new CountingLogger(), _time.GetTimestamp());
        await using var guard = new MembershipGuard(
            _gate, _ => Task.FromException<RowStatus>(Read()), reason => _ended.SetResult(reason), _time, log);
        await guard.StartAsync(CancellationToken.None);
        await PassAsync(_exhausted.Task);
        var limit = 1 + (_time.GetElapsedTime(began) / MembershipGuard.WarningInterval);
        Assert.That(log.Lines, Is.GreaterThan(0).And.AtMost(limit));

        TimeoutException Read()
        {
            if (++readings == 200)
                _exhausted.TrySetResult();
            return new TimeoutException();
        }
    }

    private MembershipGuard Start(params RowStatus[] readings)
    {
        foreach (var reading in readings)
            _readings.Enqueue(reading);
        var guard = new MembershipGuard(
            _gate, _ => ReadAsync(), reason => _ended.SetResult(reason), _time, NullLogger<MembershipGuard>.Instance);
        _ = guard.StartAsync(CancellationToken.None);
        return guard;
    }

    private Task<RowStatus> ReadAsync()
    {
        var reading = _readings.TryDequeue(out var next) ? next : RowStatus.Unknown;
        if (_readings.Count == 0)
            _exhausted.TrySetResult();
        return Task.FromResult(reading);
    }

    /// <summary>Lets time pass in steps in which the watch ticks, until something has happened.</summary>
    private Task PassAsync(Task happened) => Poll.UntilAsync(() =>
    {
        if (happened.IsCompleted)
            return true;
        _time.Advance(TimeSpan.FromMilliseconds(100));
        _gate.Tick();
        return false;
    });

    private sealed class CountingLogger : ILogger<MembershipGuard>
    {
        private int _lines;

        public int Lines => Volatile.Read(ref _lines);

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Interlocked.Increment(ref _lines);
    }
}
