using Hype.Grains.Abstractions.Participants;
using Hype.Grains.Channels.Members;

namespace Hype.Grains.Tests.Channels.Members;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class RosterTests
{
    private readonly Roster _roster = new();

    private Member Add(string identity) => _roster.Add(identity);

    [Test]
    public void Flush_without_changes_returns_no_diff_and_creates_no_roster_version()
    {
        Assert.That(_roster.Flush(), Is.Null);
        Assert.That(_roster.Version, Is.Zero);
    }

    [Test]
    public void Flush_returns_the_roster_changes_since_the_previous_flush_with_the_next_version_number()
    {
        var ada = Add("ada");
        Assert.That(_roster.Flush(), Has.Property("Version").EqualTo(1));
        _roster.Update(ada with { Participant = ada.Participant with { Muted = true } });
        var bob = Add("bob");

        var diff = _roster.Flush()!;
        Assert.That(diff.Version, Is.EqualTo(2));
        Assert.That(diff.Joined.Single(), Is.EqualTo(bob.Participant));
        Assert.That(diff.Changed.Single().Muted);
    }

    [Test]
    public void Change_of_non_public_member_data_creates_no_roster_diff()
    {
        var ada = Add("ada");
        _roster.Flush();
        _roster.Update(ada with { GatewayId = "g2" });
        Assert.That(_roster.HasChanges, Is.False);
        Assert.That(_roster.Find(ada.Number)!.GatewayId, Is.EqualTo("g2"));
    }

    [Test]
    public void Member_that_joined_and_changed_between_two_diffs_is_listed_only_as_joined()
    {
        var ada = Add("ada");
        _roster.Update(ada with { Participant = ada.Participant with { Muted = true } });
        var diff = _roster.Flush()!;
        Assert.That(diff.Joined.Single().Muted);
        Assert.That(diff.Changed, Is.Empty);
    }

    [Test]
    public void Member_that_joined_and_left_between_two_diffs_is_listed_as_left()
    {
        var ada = Add("ada");
        _roster.Remove(ada, LeaveReason.Left);
        var diff = _roster.Flush()!;
        Assert.That(diff.Joined, Is.Empty);
        Assert.That(
            diff.Left.Single().Number,
            Is.EqualTo(ada.Number),
            "a snapshot that was taken in between contains the member, so the diff must remove it");
    }

    [Test]
    public void Member_numbers_are_never_assigned_twice()
    {
        var first = Add("ada");
        _roster.Remove(first, LeaveReason.Left);
        Assert.That(Add("ada").Number, Is.GreaterThan(first.Number));
        Assert.That(new Roster(lastNumber: new MemberNumber(40)).NextNumber(), Is.EqualTo(new MemberNumber(41)));
    }

    [Test]
    public void Members_are_listed_in_the_order_of_their_joins()
    {
        var members = new[] { Add("c"), Add("a"), Add("b") };
        Assert.That(_roster.Members, Is.EqualTo(members));
        Assert.That(_roster.FindIdentity("a"), Is.EqualTo(members[1]));
        Assert.That(_roster.Find(members[2].Session), Is.EqualTo(members[2]));
    }

    [Test]
    public void Member_with_a_duplicate_or_unassigned_number_is_rejected() =>
        Assert.That(() => _roster.Add(Add("ada")), Throws.InvalidOperationException);
}
