using Hype.Gateway.Configuration;
using Hype.Gateway.Signaling;
using Hype.Gateway.Signaling.Messages;
using Hype.Gateway.Signaling.Renewal;
using Hype.Gateway.Signaling.Replica;
using Hype.Gateway.Signaling.Socket;
using Hype.Gateway.Tests.Testing;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Abstractions.Naming;
using Hype.Grains.Abstractions.Participants;
using Microsoft.Extensions.Options;
using static Hype.Gateway.Tests.Testing.ChannelSamples;

namespace Hype.Gateway.Tests.Signaling.Replica;

/// <summary>
/// Tests that each socket receives each event once, although a welcome and the events around it arrive by different routes and in any
/// order.
/// </summary>
public sealed class ChannelReplicaTests
{
    private readonly WelcomeWriter _welcome = new(
        new IceServers(Options.Create(new GatewayOptions()), TimeProvider.System),
        Options.Create(new GatewayOptions()),
        Options.Create(new SignalingOptions()),
        Options.Create(new ChannelLimits()));
    private ChannelReplica _replica = null!;
    private long _sequence;

    [SetUp]
    public void SetUp() => (_replica, _sequence) = (new ChannelReplica(Lobby), 0);

    [Test]
    public void Welcome_is_the_first_message_and_contains_the_whole_state()
    {
        var ada = Admit(Snapshot(7, Member(new MemberNumber(1)), Member(new MemberNumber(2))), number: new MemberNumber(2));

        var welcome = ada.Messages.Single();
        Assert.That(welcome.GetProperty("number").GetInt32(), Is.EqualTo(2));
        Assert.That(welcome.GetProperty("seq").GetInt32(), Is.EqualTo(7));
        Assert.That(welcome.GetProperty("participants").GetArrayLength(), Is.EqualTo(2));
        Assert.That(welcome.GetProperty("layout").GetProperty("mode").GetString(), Is.EqualTo("p2p"));
        Assert.That(welcome.TryGetProperty("pending", out _), Is.False);
        Assert.That(
            welcome.ToString(),
            Does.Not.Contain(Member(new MemberNumber(2)).Session.ToString()),
            "session ids are secrets of the cluster");
    }

    [Test]
    public void All_sockets_of_a_channel_are_sent_the_same_serialized_frame()
    {
        var ada = Admit(Snapshot(1, Member(new MemberNumber(1))), number: new MemberNumber(1));
        var bob = Admit(Snapshot(2, Member(new MemberNumber(1)), Member(new MemberNumber(2))), number: new MemberNumber(2));
        Apply(new RosterChanged(2, [Member(new MemberNumber(2))], [], []));
        Apply(new RosterChanged(3, [], [Member(new MemberNumber(1)) with { Muted = true }], []));

        Assert.That(ada.Frames[^1].Equals(bob.Frames[^1]), Is.True, "the same memory");
    }

    [Test]
    public void Roster_change_already_contained_in_the_welcome_is_not_sent()
    {
        var ada = Admit(Snapshot(1, Member(new MemberNumber(1))), number: new MemberNumber(1));
        var bob = Admit(Snapshot(2, Member(new MemberNumber(1)), Member(new MemberNumber(2))), number: new MemberNumber(2));
        Apply(new RosterChanged(2, [Member(new MemberNumber(2))], [], []));

        Assert.That(ada.Types, Is.EqualTo(new[] { "welcome", "rosterDiff" }));
        Assert.That(bob.Types, Is.EqualTo(new[] { "welcome" }));
    }

    [Test]
    public void Roster_changes_received_before_the_first_welcome_are_included_in_the_welcome()
    {
        _replica.BeginAdmission();
        Assert.That(
            Apply(
                new RosterChanged(2, [Member(new MemberNumber(2))], [], []), new RosterChanged(3, [Member(new MemberNumber(3))], [], [])),
            Is.True);
        var bob = Admit(Snapshot(2, Member(new MemberNumber(1)), Member(new MemberNumber(2))), number: new MemberNumber(2));
        _replica.EndAdmission();

        var welcome = bob.Messages.Single();
        Assert.That(welcome.GetProperty("seq").GetInt32(), Is.EqualTo(3));
        Assert.That(welcome.GetProperty("participants").GetArrayLength(), Is.EqualTo(3));
    }

    [Test]
    public void Offer_and_signal_received_before_the_welcome_are_sent_after_the_welcome()
    {
        Admit(Snapshot(1, Member(new MemberNumber(1))), number: new MemberNumber(1));
        _replica.BeginAdmission();
        Apply(
            new RosterChanged(2, [Member(new MemberNumber(2))], [], []),
            new SfuOffered(Member(new MemberNumber(2)).Session, Offer(epoch: new(1))));
        _replica.Signal(Member(new MemberNumber(2)).Session, new PeerSignal(new MemberNumber(1), new(1), """{"candidate":null}"""));
        var bob = Admit(Snapshot(2, Member(new MemberNumber(1)), Member(new MemberNumber(2))), number: new MemberNumber(2));
        _replica.EndAdmission();

        Assert.That(bob.Types, Is.EqualTo(new[] { "welcome", "offer", "signal" }));
        Assert.That(bob.Messages[2].ToString(), Is.EqualTo("""{"type":"signal","from":1,"epoch":1,"candidate":null}"""));
        Assert.That(_replica.OfferedMediaCount(Member(new MemberNumber(2)).Session, new(1)), Is.EqualTo(3));
    }

    [Test]
    public void Event_for_one_session_is_sent_to_that_session_alone()
    {
        var ada = Admit(Snapshot(1, Member(new MemberNumber(1))), number: new MemberNumber(1));
        var bob = Admit(Snapshot(2, Member(new MemberNumber(1)), Member(new MemberNumber(2))), number: new MemberNumber(2));
        Apply(
            new RosterChanged(2, [Member(new MemberNumber(2))], [], []),
            new SfuOffered(Member(new MemberNumber(2)).Session, Offer(epoch: new(2))),
            new SessionModerated(Member(new MemberNumber(1)).Session, true));

        Assert.That(ada.Types, Is.EqualTo(new[] { "welcome", "rosterDiff", "moderated" }));
        Assert.That(bob.Types, Is.EqualTo(new[] { "welcome", "offer" }));
    }

    [Test]
    public void Endpoint_move_received_before_the_welcome_is_sent_to_the_moved_session_after_the_welcome()
    {
        var moved = new EndpointMoved(
            Member(new MemberNumber(2)).Session, new(1), [new NodeCandidate("192.0.2.7", 40000)], "ufrag", new RegionId("local"));
        var ada = Admit(Snapshot(1, Member(new MemberNumber(1))), number: new MemberNumber(1));
        _replica.BeginAdmission();
        Apply(new RosterChanged(2, [Member(new MemberNumber(2))], [], []), moved);
        var bob = Admit(Snapshot(2, Member(new MemberNumber(1)), Member(new MemberNumber(2))), number: new MemberNumber(2));
        _replica.EndAdmission();

        Assert.That(ada.Types, Is.EqualTo(new[] { "welcome", "rosterDiff" }));
        Assert.That(bob.Types, Is.EqualTo(new[] { "welcome", "candidate" }));
        Assert.That(bob.Messages[1].ToString(), Is.EqualTo(
            """{"type":"candidate","epoch":1"""
            + ""","candidate":{"candidate":"candidate:33 1 udp 2128625663 192.0.2.7 40000 typ host","sdpMid":"mic","sdpMLineIndex":0"""
            + ""","usernameFragment":"ufrag"},"region":"local"}"""));
    }

    [Test]
    public void ICE_restart_offer_is_marked_as_restart_and_updates_the_expected_number_of_m_lines()
    {
        var ada = Admit(Snapshot(1, Member(new MemberNumber(1))), number: new MemberNumber(1));
        Apply(
            new SfuOffered(Member(new MemberNumber(1)).Session, Offer(epoch: new(1))),
            new SfuOffered(
                Member(new MemberNumber(1)).Session,
                Offer(epoch: new(1)) with { IceUfrag = "another", Restart = true, SlotSsrcs = [new(1), new(2), new(3)] }));

        Assert.That(ada.Types, Is.EqualTo(new[] { "welcome", "offer", "offer" }));
        Assert.That(ada.Messages[1].TryGetProperty("restart", out _), Is.False);
        Assert.That(ada.Messages[2].GetProperty("restart").GetBoolean(), Is.True);
        Assert.That(_replica.OfferedMediaCount(Member(new MemberNumber(1)).Session, new(1)), Is.EqualTo(4));
    }

    [Test]
    public void Opening_and_commit_of_a_layout_are_sent_once_to_each_member()
    {
        var ada = Admit(Snapshot(1, Member(new MemberNumber(1))), number: new MemberNumber(1));
        Apply(new LayoutOpened(Sfu));
        var bob = Admit(
            Snapshot(2, Member(new MemberNumber(1)), Member(new MemberNumber(2))) with { Pending = Sfu }, number: new MemberNumber(2));
        Apply(new LayoutOpened(Sfu), new LayoutCommitted(Sfu));

        Assert.That(ada.Types, Is.EqualTo(new[] { "welcome", "mode", "commit" }));
        Assert.That(bob.Types, Is.EqualTo(new[] { "welcome", "commit" }));
        Assert.That(bob.Messages[0].GetProperty("pending").GetProperty("epoch").GetInt32(), Is.EqualTo(2));
        Assert.That(_replica.Mode, Is.EqualTo(ChannelMode.Sfu));
    }

    [Test]
    public void Missing_batch_is_repaired_by_a_snapshot()
    {
        var ada = Admit(Snapshot(1, Member(new MemberNumber(1))), number: new MemberNumber(1));
        Apply(new SpeakersChanged(new MemberNumber(1)));
        _sequence++;
        var early = new ChannelEventBatch(Lobby, 1, ++_sequence, [new RosterChanged(3, [Member(new MemberNumber(3))], [], [])]);
        Assert.That(_replica.Apply(early, out var missing), Is.True, "the missing batch may still arrive");
        Assert.That(missing, Is.EqualTo(2));
        Assert.That(_replica.GiveUp(2), Is.True, "it did not arrive");

        Assert.That(_replica.BeginResync(), Is.EqualTo(new[] { Member(new MemberNumber(1)).Session }));
        Assert.That(
            _replica.Resync(
                Snapshot(3, Member(new MemberNumber(1)), Member(new MemberNumber(2)), Member(new MemberNumber(3))) with
                {
                    Pending = Sfu,
                    DominantSpeaker = new MemberNumber(1),
                }),
            Is.True);
        _sequence = 0;
        Assert.That(Apply(new RosterChanged(4, [Member(new MemberNumber(4))], [], [])), Is.True, "the count starts again");

        Assert.That(ada.Types, Is.EqualTo(new[] { "welcome", "speakers", "roster", "mode", "rosterDiff" }));
        Assert.That(ada.Messages[2].GetProperty("seq").GetInt32(), Is.EqualTo(3));
    }

    [Test]
    public void Batch_that_was_overtaken_is_applied_before_the_early_ones()
    {
        var ada = Admit(Snapshot(1, Member(new MemberNumber(1))), number: new MemberNumber(1));
        Apply(new SpeakersChanged(new MemberNumber(1)));
        var (second, third) = (
            new ChannelEventBatch(Lobby, 1, 2, [new RosterChanged(2, [Member(new MemberNumber(2))], [], [])]),
            new ChannelEventBatch(Lobby, 1, 3, [new RosterChanged(3, [Member(new MemberNumber(3))], [], [])]));
        _replica.Apply(third, out var missing);
        Assert.That(ada.Types, Is.EqualTo(new[] { "welcome", "speakers" }));
        Assert.That(_replica.Apply(second, out _), Is.True);

        Assert.That(_replica.GiveUp(missing!.Value), Is.False);
        Assert.That(ada.Messages.Skip(2).Select(message => message.GetProperty("seq").GetInt32()), Is.EqualTo(new[] { 2, 3 }));
    }

    [Test]
    public void Batches_received_during_an_attach_call_are_applied_after_the_answer_to_the_call()
    {
        var ada = Admit(Snapshot(1, Member(new MemberNumber(1))), number: new MemberNumber(1));
        Apply(new SpeakersChanged(new MemberNumber(1)));
        _replica.BeginResync();
        Apply(new SpeakersChanged(null));
        _sequence = 0;
        Apply(new RosterChanged(3, [Member(new MemberNumber(3))], [], []));
        Assert.That(
            _replica.Resync(
                Snapshot(2, Member(new MemberNumber(1)), Member(new MemberNumber(2))) with { DominantSpeaker = new MemberNumber(1) }),
            Is.True);

        Assert.That(
            ada.Types,
            Is.EqualTo(new[] { "welcome", "speakers", "roster", "rosterDiff" }),
            "the old count's last batch is in the snapshot");
        Assert.That(ada.Messages[^1].GetProperty("seq").GetInt32(), Is.EqualTo(3));
    }

    [Test]
    public void Snapshot_without_changes_is_not_sent()
    {
        var ada = Admit(Snapshot(1, Member(new MemberNumber(1))), number: new MemberNumber(1));
        _replica.BeginResync();
        Assert.That(_replica.Resync(Snapshot(1, Member(new MemberNumber(1)))), Is.True);

        Assert.That(ada.Types, Is.EqualTo(new[] { "welcome" }));
    }

    [Test]
    public void Missed_mode_switch_is_sent_as_a_mode_message_and_a_commit_message()
    {
        var ada = Admit(Snapshot(1, Member(new MemberNumber(1))), number: new MemberNumber(1));
        var next = new Layout(new(3), ChannelMode.P2P, ModeReason.BelowReturnThreshold, DateTimeOffset.UnixEpoch);
        _replica.BeginResync();
        _replica.Resync(Snapshot(1, Member(new MemberNumber(1))) with { Current = Sfu, Pending = next });

        Assert.That(ada.Types, Is.EqualTo(new[] { "welcome", "mode", "commit", "mode" }));
        Assert.That(ada.Messages.Skip(1).Select(message => message.GetProperty("epoch").GetInt32()), Is.EqualTo(new[] { 2, 2, 3 }));
    }

    [Test]
    public void Snapshot_of_a_new_incarnation_is_applied_despite_a_lower_version()
    {
        var ada = Admit(Snapshot(9, Member(new MemberNumber(1)), Member(new MemberNumber(2))), number: new MemberNumber(1));
        var bob = Admit(Snapshot(9, Member(new MemberNumber(1)), Member(new MemberNumber(2))), number: new MemberNumber(2));
        Assert.That(_replica.Apply(new ChannelEventBatch(Lobby, 2, 1, [new SpeakersChanged(new MemberNumber(1))]), out _), Is.False);
        _replica.BeginResync();
        _replica.Resync(Snapshot(5, Member(new MemberNumber(1))) with { Incarnation = 2 });

        Assert.That(ada.Types, Is.EqualTo(new[] { "welcome", "roster", "speakers" }));
        Assert.That(ada.Messages[1].GetProperty("seq").GetInt32(), Is.EqualTo(5));
        Assert.That(bob.Closing, Is.EqualTo(SocketCloseReason.SessionExpired), "the channel no longer knows this session");
    }

    [TestCase(LeaveReason.Kicked, "kicked", 4007)]
    [TestCase(LeaveReason.Replaced, "replaced", 4006)]
    [TestCase(LeaveReason.TimedOut, "sessionExpired", 4010)]
    public void End_of_a_session_closes_the_socket_with_the_reason_of_the_end(LeaveReason reason, string bye, int code)
    {
        var ada = Admit(Snapshot(1, Member(new MemberNumber(1))), number: new MemberNumber(1));
        Apply(new SessionEnded(Member(new MemberNumber(1)).Session, reason));

        Assert.That(WireEnum<SocketCloseReason>.NameOf(ada.Closing!.Value), Is.EqualTo(bye));
        Assert.That(SocketCloseReasons.Describe(ada.Closing.Value).Code, Is.EqualTo(code));
        Assert.That(_replica.Remove(Member(new MemberNumber(1)).Session, ada), Is.False, "so the socket's end starts no resume window");
    }

    [Test]
    public void Newer_socket_of_the_same_session_replaces_the_older_socket()
    {
        var old = Admit(Snapshot(1, Member(new MemberNumber(1))), number: new MemberNumber(1));
        var young = Admit(Snapshot(1, Member(new MemberNumber(1))), number: new MemberNumber(1));
        Apply(new SpeakersChanged(new MemberNumber(1)));

        Assert.That(old.Closing, Is.EqualTo(SocketCloseReason.Replaced));
        Assert.That(
            _replica.Remove(Member(new MemberNumber(1)).Session, old), Is.False, "the end of the old socket does not end the session");
        Assert.That(young.Types, Is.EqualTo(new[] { "welcome", "speakers" }));
    }

    [Test]
    public void Connected_session_listed_as_away_by_the_channel_requires_a_new_attach()
    {
        Admit(Snapshot(1, Member(new MemberNumber(1))), number: new MemberNumber(1));
        Assert.That(Apply(new RosterChanged(2, [], [Member(new MemberNumber(1)) with { Away = true }], [])), Is.False);
    }

    [Test]
    public void Session_admitted_during_an_attach_is_included_in_the_next_attach()
    {
        Admit(Snapshot(1, Member(new MemberNumber(1))), number: new MemberNumber(1));
        Assert.That(_replica.BeginResync(), Is.EqualTo(new[] { Member(new MemberNumber(1)).Session }));
        Admit(Snapshot(2, Member(new MemberNumber(1)), Member(new MemberNumber(2))), number: new MemberNumber(2));

        Assert.That(_replica.Resync(Snapshot(3, Member(new MemberNumber(1)), Member(new MemberNumber(2)) with { Away = true })), Is.False);
        Assert.That(
            _replica.BeginResync(), Is.EqualTo(new[] { Member(new MemberNumber(1)).Session, Member(new MemberNumber(2)).Session }));
        Assert.That(_replica.Resync(Snapshot(4, Member(new MemberNumber(1)), Member(new MemberNumber(2)))), Is.True);
    }

    private RecordingSocket Admit(ChannelSnapshot snapshot, MemberNumber number)
    {
        var socket = new RecordingSocket();
        var joined = new JoinResult { Session = Member(number).Session, Number = number, ResumeToken = "token", Snapshot = snapshot };
        _replica.Admit(joined, socket, facts => _welcome.Write(Lobby, facts, resumed: false));
        return socket;
    }

    private bool Apply(params ChannelEvent[] events) => _replica.Apply(new ChannelEventBatch(Lobby, 1, ++_sequence, [.. events]), out _);
}
