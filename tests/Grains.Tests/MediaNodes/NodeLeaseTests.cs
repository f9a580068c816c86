using Hype.Grains.MediaNodes;

namespace Hype.Grains.Tests.MediaNodes;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class NodeLeaseTests
{
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch;
    private readonly NodeLease _lease = new(new NodeLeaseOptions(), Start);

    private static DateTimeOffset At(double seconds) => Start.AddSeconds(seconds);

    [Test]
    public void A_node_that_beats_is_left_alone()
    {
        for (var beat = 0.25; beat < 10; beat += 0.25)
        {
            _lease.Heartbeat(At(beat), ackedFor: null);
            Assert.That(_lease.Check(At(beat + 0.24)), Is.False);
        }
    }

    [Test]
    public void A_second_of_silence_asks_for_one_probe()
    {
        Assert.That(_lease.Check(At(0.999)), Is.False);
        Assert.That(_lease.Check(At(1)), Is.True);
        Assert.That(_lease.Check(At(1.1)), Is.False, "one is under way");
        Assert.That(_lease.Suspect(At(1.1)), Is.False, "one is under way");
    }

    [Test]
    public void A_probe_that_fails_ends_the_lease()
    {
        _lease.Check(At(1));
        Assert.That(_lease.Probed(ProbeResult.Gone, At(1.3)), Is.True);
        Assert.That(_lease.Ended);
        Assert.That(_lease.SuspectedAt, Is.EqualTo(At(1)), "how the time was spent is told afterwards");
        Assert.That(_lease.Check(At(9)), Is.False, "it ends once");
    }

    [Test]
    public void A_probe_without_an_answer_ends_the_lease_of_one_that_was_silent_and_not_of_one_that_was_just_heard()
    {
        _lease.Heartbeat(At(0.2), ackedFor: null);
        _lease.Suspect(At(0.3));
        Assert.That(_lease.Probed(ProbeResult.Silent, At(0.6)), Is.False, "its stream ended, and the silo may be slow");
        Assert.That(_lease.Check(At(1.19)), Is.False);
        Assert.That(_lease.Check(At(1.25)), Is.True, "it is asked again");
        Assert.That(_lease.Probed(ProbeResult.Silent, At(1.55)), Is.True);
    }

    [Test]
    public void A_probe_that_succeeds_counts_as_a_beat()
    {
        _lease.Suspect(At(0.5));
        Assert.That(_lease.Probed(ProbeResult.Alive, At(0.6)), Is.False);
        Assert.That(_lease.Check(At(1.59)), Is.False);
        Assert.That(_lease.Check(At(1.6)), Is.True);
    }

    [Test]
    public void A_probe_that_succeeds_is_no_word_on_the_stream()
    {
        _lease.Heartbeat(At(0.2), ackedFor: null);
        _lease.Suspect(At(0.5));
        _lease.Probed(ProbeResult.Alive, At(0.6));
        Assert.That(_lease.LastHeartbeat, Is.EqualTo(At(0.2)));
        Assert.That(_lease.SuspectedAt, Is.Null);
    }

    [Test]
    public void What_another_activation_has_heard_of_the_node_counts_until_it_is_silent_for_too_long()
    {
        var lease = new NodeLease(new NodeLeaseOptions(), Start, ackedFor: TimeSpan.FromSeconds(30));
        lease.Heartbeat(At(5), ackedFor: null);
        Assert.That(lease.HeardSince, Is.EqualTo(At(-30)), "tickets of before this activation are good");
        lease.Heartbeat(At(10.1), ackedFor: null);
        Assert.That(lease.HeardSince, Is.EqualTo(At(10.1)));
    }

    [Test]
    public void A_node_that_says_it_was_not_heard_is_believed()
    {
        _lease.Heartbeat(At(1), ackedFor: TimeSpan.FromSeconds(100));
        Assert.That(_lease.HeardSince, Is.EqualTo(Start), "it cannot be older than what this lease knows");
        _lease.Heartbeat(At(2), ackedFor: TimeSpan.Zero);
        Assert.That(_lease.HeardSince, Is.EqualTo(At(2)), "its answers came too late, and it may have gone on beyond its tickets");
        _lease.Heartbeat(At(3), ackedFor: TimeSpan.FromSeconds(0.5));
        Assert.That(_lease.HeardSince, Is.EqualTo(At(2.5)));
    }

    [Test]
    public void A_beat_during_the_probe_outweighs_its_failure()
    {
        _lease.Suspect(At(0.5));
        _lease.Heartbeat(At(0.6), ackedFor: null);
        Assert.That(_lease.Probed(ProbeResult.Gone, At(0.8)), Is.False);
        Assert.That(_lease.Ended, Is.False);
    }

    [Test]
    public void An_answer_that_nobody_asked_for_changes_nothing()
    {
        Assert.That(_lease.Probed(ProbeResult.Gone, At(5)), Is.False);
        Assert.That(_lease.Ended, Is.False);
    }
}
