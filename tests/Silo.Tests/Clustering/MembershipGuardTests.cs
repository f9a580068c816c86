using Hype.Silo.Clustering;
using Hype.Testing.Waiting;
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
}
