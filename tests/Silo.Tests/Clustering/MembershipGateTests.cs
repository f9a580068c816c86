using Hype.Silo.Clustering;
using Microsoft.Extensions.Time.Testing;

namespace Hype.Silo.Tests.Clustering;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class MembershipGateTests
{
    private static readonly FailureDetection Detection = new(TimeSpan.FromSeconds(0.75));
    private static readonly TimeSpan Pause = Detection.LongestPause;

    private readonly FakeTimeProvider _time = new();
    private readonly MembershipGate _gate;

    public MembershipGateTests() => _gate = new MembershipGate(Detection, _time);

    [Test]
    public void Gate_of_a_running_silo_is_open()
    {
        for (var tick = 0; tick < 100; tick++)
        {
            _time.Advance(Pause - TimeSpan.FromTicks(1));
            Assert.That(_gate.IsOpen(), Is.True);
            _gate.Tick();
        }
    }

    [Test]
    public void First_call_after_a_pause_finds_the_gate_closed_before_the_watch_has_run()
    {
        _time.Advance(Pause);
        Assert.That(_gate.IsOpen(), Is.False);
        Assert.That(_gate.Closed.IsCompleted, Is.True, "the table is read at once");
        _gate.Tick();
        Assert.That(_gate.IsOpen(), Is.False, "only the table opens it");
    }

    [Test]
    public void Tick_after_a_pause_closes_the_gate()
    {
        _time.Advance(Pause);
        _gate.Tick();
        Assert.That(_gate.IsOpen(), Is.False);
    }

    [Test]
    public async Task Only_a_reading_that_began_after_the_pause_opens_the_gate()
    {
        var before = _time.GetTimestamp();
        _time.Advance(Pause);
        Assert.That(_gate.IsOpen(), Is.False);
        var waiting = _gate.PassAsync();

        _gate.Confirm(before);
        Assert.That(_gate.IsOpen(), Is.False, "the answer is from before the pause");
        _gate.Confirm(_time.GetTimestamp());
        Assert.That(await waiting, Is.True);
        Assert.That(_gate.IsOpen(), Is.True);
        Assert.That(_gate.Closed.IsCompleted, Is.False, "the next pause is a new one");
    }

    [Test]
    public async Task Reading_during_which_the_silo_was_paused_again_opens_nothing()
    {
        _time.Advance(Pause);
        _gate.Tick();
        var waiting = _gate.PassAsync();
        var askedAt = _time.GetTimestamp();
        _time.Advance(Pause);
        _gate.Confirm(askedAt);
        Assert.That(_gate.IsOpen(), Is.False);
        Assert.That(_gate.IsConfirmed, Is.False);
        _gate.Confirm(_time.GetTimestamp());
        Assert.That(await waiting, Is.True);
    }

    [Test]
    public void Silo_counts_as_confirmed_for_the_silence_after_which_others_declare_it_dead()
    {
        Assert.That(_gate.IsConfirmed, Is.False, "no reading yet");
        _gate.Confirm(_time.GetTimestamp());
        _time.Advance(Pause - TimeSpan.FromTicks(1));
        _gate.Tick();
        Assert.That(_gate.IsConfirmed, Is.True);
        _time.Advance(Detection.Silence - Pause + TimeSpan.FromTicks(1));
        Assert.That(_gate.IsConfirmed, Is.False);
    }

    [Test]
    public void Time_since_the_closing_is_measured_until_the_gate_opens()
    {
        Assert.That(_gate.ClosedFor, Is.EqualTo(TimeSpan.Zero));
        _time.Advance(Pause);
        _gate.Tick();
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(_gate.ClosedFor, Is.EqualTo(TimeSpan.FromSeconds(1)));
        _gate.Confirm(_time.GetTimestamp());
        Assert.That(_gate.ClosedFor, Is.EqualTo(TimeSpan.Zero));
    }

    [Test]
    public async Task Lost_silo_never_answers_again()
    {
        _time.Advance(Pause);
        _gate.Tick();
        var waiting = _gate.PassAsync();
        _gate.Lose();
        Assert.That(await waiting, Is.False);
        _gate.Confirm(_time.GetTimestamp());
        _time.Advance(Pause);
        _gate.Tick();
        Assert.That(_gate.IsOpen(), Is.False);
        Assert.That(await _gate.PassAsync(), Is.False);
    }

    [Test]
    public async Task Silo_that_is_lost_without_a_pause_never_answers_again()
    {
        _gate.Lose();
        Assert.That(_gate.IsOpen(), Is.False);
        Assert.That(await _gate.PassAsync(), Is.False);
    }
}
