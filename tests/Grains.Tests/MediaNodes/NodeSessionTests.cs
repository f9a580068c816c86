using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.MediaNodes;
using Hype.Grains.Tests.Testing;

namespace Hype.Grains.Tests.MediaNodes;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class NodeSessionTests
{
    private static readonly FakeMediaNode Node = new("a");
    private readonly NodeSession _session =
        new(Node.Registration, Node, new NodeLease(new NodeLeaseOptions(), TimeSpan.FromSeconds(10), ackedFor: TimeSpan.FromSeconds(60)));

    [Test]
    public void Start_of_a_drain_is_reported_once_per_drain()
    {
        Assert.That(_session.DrainBegins(), Is.False);
        Drain(true);
        Assert.That(_session.DrainBegins(), Is.True);
        _session.DrainNotified(TimeSpan.FromSeconds(20));
        Assert.That(_session.DrainBegins(), Is.False);
        Drain(false);
        Assert.That(_session.DrainBegins(), Is.False);
        Drain(true);
        Assert.That(_session.DrainBegins(), Is.True);
    }

    [Test]
    public void Drain_reminder_is_due_three_seconds_after_the_last_notification()
    {
        Assert.That(_session.IsDrainReminderDue(TimeSpan.FromHours(1)), Is.False, "the node does not drain");
        Drain(true);
        _session.DrainNotified(TimeSpan.FromSeconds(20));
        Assert.That(_session.IsDrainReminderDue(TimeSpan.FromSeconds(22.9)), Is.False);
        Assert.That(_session.IsDrainReminderDue(TimeSpan.FromSeconds(23)), Is.True);
    }

    [Test]
    public void Lease_times_are_returned_as_durations_and_for_display_as_wall_clock_times()
    {
        var now = DateTimeOffset.UnixEpoch.AddDays(1);
        var uptime = TimeSpan.FromSeconds(14);
        Assert.That(_session.Status(now, uptime).LastHeartbeat, Is.EqualTo(now.AddSeconds(-4)));
        Assert.That(_session.SilentFor(uptime), Is.EqualTo(TimeSpan.FromSeconds(4)));
        Assert.That(_session.AckedFor(uptime), Is.EqualTo(TimeSpan.FromSeconds(64)));
    }

    [Test]
    public void Node_session_matches_a_registration_only_with_the_same_control_URL_and_token()
    {
        Assert.That(_session.IsConnectedTo(Node.Registration with { Workers = 7 }), Is.True);
        Assert.That(_session.IsConnectedTo(Node.Registration with { ControlUrl = "http://b" }), Is.False);
        Assert.That(_session.IsConnectedTo(Node.Registration with { ControlToken = "another" }), Is.False);
    }

    private void Drain(bool draining) => _session.Load = NodeLoad.Idle with { Draining = draining };
}
