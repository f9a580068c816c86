using Hype.MediaNode.Srtp;
using Hype.MediaNode.Tickets;
using Microsoft.Extensions.Time.Testing;

namespace Hype.MediaNode.Tests.Tickets;

public sealed class IndexLimitTests
{
    private const long Second = 1_000_000;

    private readonly ControlContact _contact = new(new FakeTimeProvider());
    private IndexLimit _limit = null!;

    [SetUp]
    public void Hear()
    {
        _limit = new IndexLimit();
        _contact.Record(0);
    }

    [Test]
    public void SRTP_index_is_unlimited_before_the_first_ticket()
    {
        Assert.That(_limit.IsNone, Is.True);
        Assert.That((_limit.Of(0), _limit.OfRtcp), Is.EqualTo((SrtpIndex.Unlimited, SrtpIndex.Unlimited)));
    }

    [Test]
    public void Index_limit_is_that_of_an_issued_ticket_until_a_newer_ticket_is_acknowledged()
    {
        Issue(1, 100);
        Assert.That((_limit.Of(0).Value, _limit.Of(1).Value, _limit.OfRtcp.Value), Is.EqualTo((100L, 101L, 10L)));

        Issue(2, 200);

        Assert.That(Advance(acknowledged: 0, now: Second, usedAt: Second), Is.False);
        Assert.That(Advance(acknowledged: 1, now: Second, usedAt: Second), Is.False);
        Assert.That(_limit.Of(0).Value, Is.EqualTo(100));
    }

    [Test]
    public void Index_limit_rises_to_an_acknowledged_ticket_if_the_client_stays_beyond_the_revival_time()
    {
        Issue(1, 100);
        Issue(2, 200);
        _contact.Record(1000 * Second);

        Assert.That(Advance(acknowledged: 2, now: Second, usedAt: Second), Is.False);
        Assert.That(
            Advance(acknowledged: 2, now: 100 * Second, usedAt: Second + IndexLimit.RevivalTime), Is.False, "the client may have moved");
        Assert.That(Advance(acknowledged: 2, now: 100 * Second, usedAt: Second + IndexLimit.RevivalTime + 1), Is.True);
        Assert.That(_limit.Of(0).Value, Is.EqualTo(200));
    }

    [Test]
    public void Index_limit_stays_that_of_the_newest_acknowledged_ticket_while_the_control_plane_answers()
    {
        Issue(1, 100);
        _contact.Record(1000 * Second);

        Assert.That(Advance(acknowledged: 1, now: 1000 * Second, usedAt: 1000 * Second), Is.False);
        Assert.That(_limit.Of(0).Value, Is.EqualTo(100));
    }

    [Test]
    public void Acknowledgement_of_a_ticket_removes_the_index_limits_of_all_earlier_tickets()
    {
        Issue(1, 100);
        Issue(2, 200);
        Issue(3, 300);
        _contact.Record(1000 * Second);

        Advance(acknowledged: 3, now: Second, usedAt: Second);
        Advance(acknowledged: 3, now: 100 * Second, usedAt: 100 * Second);

        Assert.That(_limit.Of(0).Value, Is.EqualTo(300));
    }

    [Test]
    public void Index_limit_is_lifted_in_a_control_plane_outage_only_if_the_client_still_uses_this_node()
    {
        const long away = ControlContact.Fresh + IndexLimit.RevivalTime;
        Issue(1, 100);
        Issue(2, 200);
        Advance(acknowledged: 2, now: 0, usedAt: 0);

        Assert.That(Advance(acknowledged: 2, now: 10 * away, usedAt: IndexLimit.RevivalTime), Is.False);
        Assert.That(Advance(acknowledged: 2, now: 10 * away, usedAt: away), Is.True, "the newer ticket replaced the first");
        Assert.That(_limit.Of(0).Value, Is.EqualTo(200));
        Assert.That(Advance(acknowledged: 2, now: 10 * away, usedAt: away + 1), Is.True);

        Assert.That(_limit.IsNone, Is.True, "no ticket can be revived before a newer one is issued");
        Issue(3, 300);
        Assert.That(_limit.Of(0).Value, Is.EqualTo(300));
    }

    [Test]
    public void Index_limit_rises_only_to_an_unacknowledged_newer_ticket_in_a_control_plane_outage()
    {
        Issue(1, 100);
        Issue(2, 200);

        Assert.That(Advance(acknowledged: 1, now: 1000 * Second, usedAt: 1000 * Second), Is.True);

        Assert.That(_limit.Of(0).Value, Is.EqualTo(200));
    }

    [Test]
    public void Index_limit_is_not_lifted_for_a_client_that_never_used_this_node()
    {
        Issue(1, 100);

        Assert.That(Advance(acknowledged: 1, now: 1000 * Second, usedAt: long.MinValue / 2), Is.False);
    }

    [Test]
    public void Index_limit_is_short_while_the_oldest_ticket_that_is_a_limit_is_short()
    {
        _limit.Add(1, [new SrtpIndex(100)], new SrtpIndex(10), isShort: true);
        _limit.Add(2, [new SrtpIndex(200)], new SrtpIndex(20));
        _contact.Record(1000 * Second);
        Advance(acknowledged: 2, now: Second, usedAt: Second);
        Advance(acknowledged: 2, now: Second + IndexLimit.RevivalTime, usedAt: Second + IndexLimit.RevivalTime);
        Assert.That(_limit.IsShort, Is.True);

        Advance(acknowledged: 2, now: 100 * Second, usedAt: Second + IndexLimit.RevivalTime + 1);

        Assert.That((_limit.IsShort, _limit.Of(0).Value), Is.EqualTo((false, 200L)));
    }

    private void Issue(ulong version, long bound) =>
        _limit.Add(version, [new SrtpIndex(bound), new SrtpIndex(bound + 1)], new SrtpIndex(bound / 10));

    private bool Advance(ulong acknowledged, long now, long usedAt) => _limit.Advance(acknowledged, now, usedAt, _contact);
}
