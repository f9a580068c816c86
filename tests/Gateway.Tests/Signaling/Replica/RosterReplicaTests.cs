using Hype.Gateway.Signaling.Replica;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Participants;
using static Hype.Gateway.Tests.Testing.ChannelSamples;

namespace Hype.Gateway.Tests.Signaling.Replica;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class RosterReplicaTests
{
    private readonly RosterReplica _roster = new();

    [SetUp]
    public void Load() => _roster.Load(Snapshot(5, Member(new MemberNumber(2)), Member(new MemberNumber(1))));

    [Test]
    public void Participants_are_ordered_by_member_number()
    {
        Assert.That(_roster.Version, Is.EqualTo(5));
        Assert.That(_roster.Participants.Select(participant => participant.Number), Is.EqualTo(new MemberNumber[] { new(1), new(2) }));
        Assert.That((_roster.Contains(new MemberNumber(2)), _roster.Contains(new MemberNumber(3))), Is.EqualTo((true, false)));
    }

    [Test]
    public void Roster_change_with_the_next_version_is_applied()
    {
        var change = new RosterChanged(
            6,
            [Member(new MemberNumber(3))],
            [Member(new MemberNumber(1)) with { Muted = true }],
            [new ParticipantLeft(new MemberNumber(2), LeaveReason.Kicked)]);

        Assert.That(_roster.Apply(change, out var left), Is.EqualTo(RosterReplica.Step.Applied));

        Assert.That(_roster.Version, Is.EqualTo(6));
        Assert.That(
            _roster.Participants.Select(participant => (participant.Number, participant.Muted)),
            Is.EqualTo(new[] { (new MemberNumber(1), true), (new MemberNumber(3), false) }));
        Assert.That(left, Is.EqualTo(new[] { (Member(new MemberNumber(2)), LeaveReason.Kicked) }));
    }

    [TestCase(4)]
    [TestCase(5)]
    public void Roster_change_with_an_already_applied_version_has_no_effect(int version)
    {
        Assert.That(
            _roster.Apply(new RosterChanged(version, [Member(new MemberNumber(3))], [], []), out var left),
            Is.EqualTo(RosterReplica.Step.Known));
        Assert.That((_roster.Version, _roster.Contains(new MemberNumber(3)), left.Count), Is.EqualTo((5, false, 0)));
    }

    [Test]
    public void Roster_change_after_a_missing_version_has_no_effect()
    {
        Assert.That(_roster.Apply(new RosterChanged(7, [Member(new MemberNumber(3))], [], []), out _), Is.EqualTo(RosterReplica.Step.Gap));
        Assert.That((_roster.Version, _roster.Contains(new MemberNumber(3))), Is.EqualTo((5, false)));
    }

    [Test]
    public void Leave_of_a_participant_that_is_not_in_the_roster_has_no_effect()
    {
        Assert.That(
            _roster.Apply(new RosterChanged(6, [], [], [new ParticipantLeft(new MemberNumber(9), LeaveReason.Left)]), out var left),
            Is.EqualTo(RosterReplica.Step.Applied));
        Assert.That(left, Is.Empty);
    }

    [Test]
    public void Snapshot_replaces_the_whole_roster()
    {
        _roster.Load(Snapshot(3, Member(new MemberNumber(7))));
        Assert.That(
            (_roster.Version, _roster.Find(new MemberNumber(1)), _roster.Find(new MemberNumber(7))?.Identity),
            Is.EqualTo((3, (Participant?)null, "id-7")));
    }
}
