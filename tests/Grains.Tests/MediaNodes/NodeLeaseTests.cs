using Hype.Grains.MediaNodes;

namespace Hype.Grains.Tests.MediaNodes;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class NodeLeaseTests
{
    private static readonly TimeSpan Start = TimeSpan.FromMinutes(1);
    private readonly NodeLease _lease = new(new NodeLeaseOptions(), Start);

    private static TimeSpan At(double seconds) => Start + TimeSpan.FromSeconds(seconds);

    [Test]
    public void Node_that_sends_heartbeats_in_time_is_not_probed()
    {
        for (var beat = 0.25; beat < 10; beat += 0.25)
        {
            _lease.Renew(At(beat), ackedFor: null);
            Assert.That(_lease.Check(At(beat + 0.24)), Is.False);
        }
    }

    [Test]
    public void Missing_heartbeats_for_one_second_start_exactly_one_probe()
    {
        Assert.That(_lease.Check(At(0.999)), Is.False);
        Assert.That(_lease.Check(At(1)), Is.True);
        Assert.That(_lease.Check(At(1.1)), Is.False, "a probe is running");
        Assert.That(_lease.Suspect(At(1.1)), Is.False, "a probe is running");
    }

    [Test]
    public void Failed_probe_of_a_media_node_ends_the_lease_of_the_node()
    {
        _lease.Check(At(1));
        Assert.That(_lease.Probed(ProbeResult.Gone, At(1.3)), Is.True);
        Assert.That(_lease.Ended);
        Assert.That(_lease.SuspectedAt, Is.EqualTo(At(1)), "the log shows it afterwards");
        Assert.That(_lease.Check(At(9)), Is.False, "it ends once");
    }

    [TestCase(nameof(ProbeResult.Alive), 60, true)]
    [TestCase(nameof(ProbeResult.Silent), 0.999, true)]
    [TestCase(nameof(ProbeResult.Silent), 1, false)]
    [TestCase(nameof(ProbeResult.Gone), 0, false)]
    public void Lease_is_held_against_another_process_unless_the_probed_process_is_gone_or_silent_for_a_second(
        string result, double seconds, bool held) =>
        Assert.That(_lease.IsHeldAgainstAnother(Enum.Parse<ProbeResult>(result), At(seconds)), Is.EqualTo(held));

    [Test]
    public void Unanswered_probe_ends_the_lease_only_after_a_second_without_a_heartbeat()
    {
        _lease.Renew(At(0.2), ackedFor: null);
        _lease.Suspect(At(0.3));
        Assert.That(_lease.Probed(ProbeResult.Silent, At(0.6)), Is.False, "its stream ended, and the silo may be slow");
        Assert.That(_lease.Check(At(1.19)), Is.False);
        Assert.That(_lease.Check(At(1.25)), Is.True, "it is probed again");
        Assert.That(_lease.Probed(ProbeResult.Silent, At(1.55)), Is.True);
    }

    [Test]
    public void Answered_probe_delays_the_next_probe_by_a_second()
    {
        _lease.Suspect(At(0.5));
        Assert.That(_lease.Probed(ProbeResult.Alive, At(0.6)), Is.False);
        Assert.That(_lease.Check(At(1.59)), Is.False);
        Assert.That(_lease.Check(At(1.6)), Is.True);
    }

    [Test]
    public void Answered_probe_does_not_change_the_time_of_the_last_heartbeat()
    {
        _lease.Renew(At(0.2), ackedFor: null);
        _lease.Suspect(At(0.5));
        _lease.Probed(ProbeResult.Alive, At(0.6));
        Assert.That(_lease.LastHeartbeat, Is.EqualTo(At(0.2)));
        Assert.That(_lease.SuspectedAt, Is.Null);
    }

    [Test]
    public void Acknowledged_period_from_before_the_activation_is_lost_after_five_seconds_without_heartbeat()
    {
        var lease = new NodeLease(new NodeLeaseOptions(), Start, ackedFor: TimeSpan.FromSeconds(30));
        lease.Renew(At(5), ackedFor: null);
        Assert.That(lease.AckedSince, Is.EqualTo(At(-30)), "tickets from before this activation are valid");
        lease.Renew(At(10.1), ackedFor: null);
        Assert.That(lease.AckedSince, Is.EqualTo(At(10.1)));
    }

    [Test]
    public void Acknowledged_period_is_never_longer_than_the_period_reported_by_the_node()
    {
        _lease.Renew(At(1), ackedFor: TimeSpan.FromSeconds(100));
        Assert.That(_lease.AckedSince, Is.EqualTo(Start), "the lease knows of no earlier time");
        _lease.Renew(At(2), ackedFor: TimeSpan.Zero);
        Assert.That(_lease.AckedSince, Is.EqualTo(At(2)), "its messages were acknowledged too late, so it may have used higher indices");
        _lease.Renew(At(3), ackedFor: TimeSpan.FromSeconds(0.5));
        Assert.That(_lease.AckedSince, Is.EqualTo(At(2.5)));
    }

    [Test]
    public void Heartbeat_during_a_probe_keeps_the_lease_although_the_probe_fails()
    {
        _lease.Suspect(At(0.5));
        _lease.Renew(At(0.6), ackedFor: null);
        Assert.That(_lease.Probed(ProbeResult.Gone, At(0.8)), Is.False);
        Assert.That(_lease.Ended, Is.False);
    }

    [Test]
    public void Probe_result_without_a_running_probe_is_ignored()
    {
        Assert.That(_lease.Probed(ProbeResult.Gone, At(5)), Is.False);
        Assert.That(_lease.Ended, Is.False);
    }
}
