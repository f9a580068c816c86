using Hype.Gateway.Signaling.Messages;
using Hype.Gateway.Signaling.Replica;
using Hype.Gateway.Tests.Testing;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Abstractions.Participants;
using static Hype.Gateway.Tests.Testing.ChannelSamples;

namespace Hype.Gateway.Tests.Signaling.Replica;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class AudienceTests
{
    private readonly Audience _audience = new();

    [Test]
    public void Event_received_before_the_welcome_is_sent_after_the_welcome()
    {
        _audience.BeginAdmission();
        _audience.Deliver(
            Member(new MemberNumber(1)).Session, member => member.Socket.Send(SignalingJsonContext.Frame(new ModeratedMessage(true))));
        var socket = Admit(new MemberNumber(1));
        _audience.EndAdmission();
        Assert.That(socket.Types, Is.EqualTo(new[] { "pong", "moderated" }));
    }

    [Test]
    public void Newer_socket_of_a_session_replaces_the_older_socket()
    {
        var (older, newer) = (Admit(new MemberNumber(1)), Admit(new MemberNumber(1)));
        Assert.That(
            (older.Closing, newer.Closing), Is.EqualTo(((SocketCloseReason?)SocketCloseReason.Replaced, (SocketCloseReason?)null)));
        Assert.That(_audience.Remove(Member(new MemberNumber(1)).Session, older), Is.False);
        Assert.That(_audience.Remove(Member(new MemberNumber(1)).Session, newer), Is.True);
        Assert.That(_audience.Sessions, Is.Empty);
    }

    [Test]
    public void Roster_change_is_sent_once_and_only_to_members_with_an_older_roster_version()
    {
        var (behind, ahead) = (Admit(new MemberNumber(1), version: 4), Admit(new MemberNumber(2), version: 5));
        _audience.SendChange(5, new RosterDiffMessage(5, [], [], []));
        _audience.SendChange(5, new RosterDiffMessage(5, [], [], []));
        Assert.That(
            (behind.Types.Count(type => type == "rosterDiff"), ahead.Types.Count(type => type == "rosterDiff")), Is.EqualTo((1, 0)));
    }

    [Test]
    public void Each_change_of_the_dominant_speaker_is_sent_once()
    {
        var socket = Admit(new MemberNumber(1));
        foreach (var dominant in new MemberNumber?[] { null, new(2), new(2), null })
            _audience.SendDominant(dominant);
        Assert.That(socket.Types.Count(type => type == "speakers"), Is.EqualTo(2));
    }

    [Test]
    public void Sessions_missing_from_a_snapshot_are_ended_as_expired()
    {
        var (known, unknown) = (Admit(new MemberNumber(1)), Admit(new MemberNumber(2)));
        var roster = new RosterReplica();
        roster.Load(Snapshot(9, Member(new MemberNumber(1))));
        _audience.SendRoster(roster, toAll: false);
        Assert.That((known.Types.Last(), unknown.Closing), Is.EqualTo(("roster", (SocketCloseReason?)SocketCloseReason.SessionExpired)));
        Assert.That(_audience.Sessions, Is.EqualTo(new[] { Member(new MemberNumber(1)).Session }));
    }

    [TestCase(false, 0)]
    [TestCase(true, 1)]
    public void Roster_with_a_lower_version_is_sent_only_if_all_members_must_receive_the_roster(bool toAll, int rosters)
    {
        var socket = Admit(new MemberNumber(1), version: 9);
        var roster = new RosterReplica();
        roster.Load(Snapshot(5, Member(new MemberNumber(1))));
        _audience.SendRoster(roster, toAll);
        Assert.That(socket.Types.Count(type => type == "roster"), Is.EqualTo(rosters));
    }

    [Test]
    public void Mode_and_commit_messages_of_a_layout_are_each_sent_once()
    {
        var socket = Admit(new MemberNumber(1));
        var layouts = new LayoutReplica();
        layouts.Load(Snapshot(1, Member(new MemberNumber(1))) with { Pending = Sfu });
        _audience.SendLayouts(layouts);
        _audience.SendLayouts(layouts);
        layouts.Commit(Sfu);
        _audience.SendLayouts(layouts);
        _audience.SendLayouts(layouts);
        Assert.That(socket.Types, Is.EqualTo(new[] { "pong", "mode", "commit" }));
    }

    [Test]
    public void Session_transferred_to_another_channel_leaves_the_audience_with_the_socket_open()
    {
        var socket = Admit(new MemberNumber(1));
        var stage = ChannelId.Parse("stage");
        _audience.Deliver(new SessionTransferred(Member(new MemberNumber(1)).Session, stage, JoinResult.Failed(VoiceError.Internal)));
        _audience.Deliver(new SessionEnded(Member(new MemberNumber(1)).Session, LeaveReason.Moved));
        Assert.That((socket.Transferred?.Channel, socket.Closing), Is.EqualTo(((ChannelId?)stage, (SocketCloseReason?)null)));
        Assert.That(_audience.Contains(Member(new MemberNumber(1)).Session), Is.False);
    }

    private RecordingSocket Admit(MemberNumber number, long version = 1)
    {
        var socket = new RecordingSocket();
        var member = new ChannelMember(Member(number).Session, number, socket, new OfferedTransport(0))
        {
            RosterVersion = version,
            OpenedEpoch = new(1),
            CommittedEpoch = new(1),
        };
        // Any message can stand for the welcome.
        _audience.Admit(member, SignalingJsonContext.Frame(new PongMessage(null)));
        return socket;
    }
}
