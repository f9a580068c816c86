using Hype.Grains.Abstractions.Participants;
using Hype.Grains.Channels.Members;

namespace Hype.Grains.Tests.Channels.Members;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class RosterTests
{
    private readonly Roster _roster = new();

    private Member Add(string identity)
    {
        var member = new Member
        {
            Line = new Participant { Session = SessionId.New(), Number = _roster.NextNumber(), Identity = identity, Name = identity, Grants = Grants.Join },
            TokenHash = [],
            Region = MachineBench.Local,
        };
        _roster.Add(member);
        return member;
    }

    [Test]
    public void A_flush_without_changes_is_no_version()
    {
        Assert.That(_roster.Flush(), Is.Null);
        Assert.That(_roster.Version, Is.Zero);
    }

    [Test]
    public void Each_flush_is_the_next_version_and_holds_what_changed_since()
    {
        var ada = Add("ada");
        Assert.That(_roster.Flush(), Has.Property("Version").EqualTo(1));
        _roster.Update(ada with { Line = ada.Line with { Muted = true } });
        var bob = Add("bob");

        var diff = _roster.Flush()!;
        Assert.That(diff.Version, Is.EqualTo(2));
        Assert.That(diff.Joined.Single(), Is.EqualTo(bob.Line));
        Assert.That(diff.Changed.Single().Muted);
    }

    [Test]
    public void A_change_that_others_do_not_see_is_no_diff()
    {
        var ada = Add("ada");
        _roster.Flush();
        _roster.Update(ada with { GatewayId = "g2" });
        Assert.That(_roster.HasChanges, Is.False);
        Assert.That(_roster.Find(ada.Number)!.GatewayId, Is.EqualTo("g2"));
    }

    [Test]
    public void Who_changed_after_joining_is_told_once_as_he_is_now()
    {
        var ada = Add("ada");
        _roster.Update(ada with { Line = ada.Line with { Muted = true } });
        var diff = _roster.Flush()!;
        Assert.That(diff.Joined.Single().Muted);
        Assert.That(diff.Changed, Is.Empty);
    }

    [Test]
    public void Who_came_and_went_between_two_diffs_is_named_as_gone()
    {
        var ada = Add("ada");
        _roster.Remove(ada, LeaveReason.Left);
        var diff = _roster.Flush()!;
        Assert.That(diff.Joined, Is.Empty);
        Assert.That(diff.Left.Single().Number, Is.EqualTo(ada.Number), "a snapshot taken in between has him, so the diff must take him out");
    }

    [Test]
    public void Numbers_are_never_given_twice()
    {
        var first = Add("ada");
        _roster.Remove(first, LeaveReason.Left);
        Assert.That(Add("ada").Number, Is.GreaterThan(first.Number));
        Assert.That(new Roster(lastNumber: new MemberNumber(40)).NextNumber(), Is.EqualTo(new MemberNumber(41)));
    }

    [Test]
    public void Members_are_in_the_order_of_their_arrival()
    {
        var members = new[] { Add("c"), Add("a"), Add("b") };
        Assert.That(_roster.Members, Is.EqualTo(members));
        Assert.That(_roster.FindIdentity("a"), Is.EqualTo(members[1]));
        Assert.That(_roster.Find(members[2].Session), Is.EqualTo(members[2]));
    }

    [Test]
    public void A_number_that_was_not_given_here_is_refused() =>
        Assert.That(() => _roster.Add(Add("ada")), Throws.InvalidOperationException);
}
