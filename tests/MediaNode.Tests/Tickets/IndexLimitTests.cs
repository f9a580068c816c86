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
        _contact.Heard(0);
    }

    [Test]
    public void Nothing_limits_before_there_is_a_ticket()
    {
        Assert.That(_limit.IsNone, Is.True);
        Assert.That((_limit.Of(0), _limit.OfRtcp), Is.EqualTo((long.MaxValue, uint.MaxValue)));
    }

    [Test]
    public void A_ticket_limits_from_the_moment_it_is_issued_and_one_on_its_way_lifts_nothing()
    {
        Issue(1, 100);
        Assert.That((_limit.Of(0), _limit.Of(1), _limit.OfRtcp), Is.EqualTo((100, 101, 10)));

        Issue(2, 200);

        Assert.That(Advance(kept: 0, now: Second, usedAt: Second), Is.False);
        Assert.That(Advance(kept: 1, now: Second, usedAt: Second), Is.False);
        Assert.That(_limit.Of(0), Is.EqualTo(100));
    }

    [Test]
    public void An_acknowledged_ticket_takes_over_once_the_client_was_here_after_any_revival_from_the_one_before()
    {
        Issue(1, 100);
        Issue(2, 200);
        _contact.Heard(1000 * Second);

        Assert.That(Advance(kept: 2, now: Second, usedAt: Second), Is.False);
        Assert.That(Advance(kept: 2, now: 100 * Second, usedAt: Second + IndexLimit.RevivalTime), Is.False, "no longer here, for all that is known");
        Assert.That(Advance(kept: 2, now: 100 * Second, usedAt: Second + IndexLimit.RevivalTime + 1), Is.True);
        Assert.That(_limit.Of(0), Is.EqualTo(200));
    }

    [Test]
    public void The_newest_acknowledged_ticket_is_a_limit_for_as_long_as_the_control_plane_is_there()
    {
        Issue(1, 100);
        _contact.Heard(1000 * Second);

        Assert.That(Advance(kept: 1, now: 1000 * Second, usedAt: 1000 * Second), Is.False);
        Assert.That(_limit.Of(0), Is.EqualTo(100));
    }

    [Test]
    public void A_later_acknowledgement_replaces_all_tickets_before_it()
    {
        Issue(1, 100);
        Issue(2, 200);
        Issue(3, 300);
        _contact.Heard(1000 * Second);

        Advance(kept: 3, now: Second, usedAt: Second);
        Advance(kept: 3, now: 100 * Second, usedAt: 100 * Second);

        Assert.That(_limit.Of(0), Is.EqualTo(300));
    }

    [Test]
    public void Without_the_control_plane_an_endpoint_whose_client_stays_goes_on_and_another_does_not()
    {
        const long away = ControlContact.Fresh + IndexLimit.RevivalTime;
        Issue(1, 100);
        Issue(2, 200);
        Advance(kept: 2, now: 0, usedAt: 0);

        Assert.That(Advance(kept: 2, now: 10 * away, usedAt: IndexLimit.RevivalTime), Is.False);
        Assert.That(Advance(kept: 2, now: 10 * away, usedAt: away), Is.True, "the first was replaced");
        Assert.That(_limit.Of(0), Is.EqualTo(200));
        Assert.That(Advance(kept: 2, now: 10 * away, usedAt: away + 1), Is.True);

        Assert.That(_limit.IsNone, Is.True, "it is not revivable before a newer ticket was issued");
        Issue(3, 300);
        Assert.That(_limit.Of(0), Is.EqualTo(300));
    }

    [Test]
    public void A_ticket_that_may_arrive_after_the_silence_stays_a_limit()
    {
        Issue(1, 100);
        Issue(2, 200);

        Assert.That(Advance(kept: 1, now: 1000 * Second, usedAt: 1000 * Second), Is.True);

        Assert.That(_limit.Of(0), Is.EqualTo(200));
    }

    [Test]
    public void A_client_that_never_showed_that_it_is_here_lifts_nothing()
    {
        Issue(1, 100);

        Assert.That(Advance(kept: 1, now: 1000 * Second, usedAt: long.MinValue / 2), Is.False);
    }

    private void Issue(ulong version, long bound) => _limit.Add(version, [bound, bound + 1], (uint)bound / 10);

    private bool Advance(ulong kept, long now, long usedAt) => _limit.Advance(kept, now, usedAt, _contact);
}
