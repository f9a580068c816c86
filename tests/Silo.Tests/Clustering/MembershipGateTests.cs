using Hype.Silo.Clustering;
using Microsoft.Extensions.Time.Testing;

namespace Hype.Silo.Tests.Clustering;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class MembershipGateTests
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2.25);

    private readonly FakeTimeProvider _time = new();
    private readonly MembershipGate _gate;

    public MembershipGateTests() => _gate = new MembershipGate(Pause, _time);

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
        var waiting = _gate.WaitAsync();

        _gate.Confirm(before);
        Assert.That(_gate.IsOpen(), Is.False, "the answer is from before the pause");
        _gate.Confirm(_time.GetTimestamp());
        Assert.That(await waiting, Is.True);
        Assert.That(_gate.IsOpen(), Is.True);
        Assert.That(_gate.Closed.IsCompleted, Is.False, "the next pause is a new one");
    }

    [Test]
    public async Task Lost_silo_never_answers_again()
    {
        _time.Advance(Pause);
        _gate.Tick();
        var waiting = _gate.WaitAsync();
        _gate.Lose();
        Assert.That(await waiting, Is.False);
        _gate.Confirm(_time.GetTimestamp());
        _time.Advance(Pause);
        _gate.Tick();
        Assert.That(_gate.IsOpen(), Is.False);
        Assert.That(await _gate.WaitAsync(), Is.False);
    }

    [Test]
    public async Task Silo_that_is_lost_without_a_pause_never_answers_again()
    {
        _gate.Lose();
        Assert.That(_gate.IsOpen(), Is.False);
        Assert.That(await _gate.WaitAsync(), Is.False);
    }
}
