using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Abstractions.Participants;
using Hype.Grains.Channels;

namespace Hype.Grains.Tests.Channels;

/// <summary>Members: their seats, their flags and their transports.</summary>
public sealed class ChannelMachineTests
{
    private static readonly ChannelSettings AlwaysSfu = new() { Mode = ModePolicy.Sfu };

    [Test]
    public void The_limit_is_exact_and_a_seat_is_held_for_who_is_away()
    {
        var bench = new MachineBench(settings: new ChannelSettings { MaxParticipants = 2 });
        var members = bench.JoinMany(2);
        bench.Do((machine, now) => machine.Detach(members[0].Session, "g1", now));
        Assert.That(bench.TryJoin("late").Error, Is.EqualTo(VoiceError.ChannelFull));
        bench.Advance(bench.Options.ResumeWindow);
        Assert.That(bench.TryJoin("late").Error, Is.EqualTo(VoiceError.None));
    }

    [Test]
    public void A_full_channel_still_lets_an_identity_replace_itself()
    {
        var bench = new MachineBench(settings: new ChannelSettings { MaxParticipants = 1 });
        var first = bench.Join("ada");
        var second = bench.Join("ada", "g2");
        Assert.That(bench.Effects, Does.Contain(new NotifySession("g1", new SessionEnded(first.Session, LeaveReason.Replaced))));
        Assert.That(bench.Roster.Single().Session, Is.EqualTo(second.Session));
        Assert.That(second.Number, Is.GreaterThan(first.Number));
    }

    [Test]
    public void A_lowered_limit_sends_nobody_away()
    {
        var bench = new MachineBench();
        bench.JoinMany(3);
        bench.Do((machine, now) => machine.UpdateSettings(new ChannelSettings { MaxParticipants = 1 }, now));
        Assert.That(bench.Roster, Has.Count.EqualTo(3));
        Assert.That(bench.TryJoin("late").Error, Is.EqualTo(VoiceError.ChannelFull));
    }

    [Test]
    public void The_resume_window_ends_with_timed_out()
    {
        var bench = new MachineBench();
        var ada = bench.Join("ada");
        bench.Join("bob");
        bench.Do((machine, now) => machine.Detach(ada.Session, "g1", now));
        bench.Advance(bench.Options.ResumeWindow - TimeSpan.FromMilliseconds(1));
        Assert.That(bench.Roster, Has.Count.EqualTo(2));
        bench.Advance(TimeSpan.FromMilliseconds(1));
        Assert.That(bench.Events.OfType<RosterChanged>().Last().Left.Single(), Is.EqualTo(new ParticipantLeft(ada.Number, LeaveReason.TimedOut)));
        Assert.That(bench.Do((machine, now) => machine.Resume(ada.Session, ada.TokenHash, "g1", now)).Error, Is.EqualTo(VoiceError.SessionExpired));
    }

    [Test]
    public void A_late_detach_of_the_old_gateway_does_not_touch_a_resumed_session()
    {
        var bench = new MachineBench();
        var ada = bench.Join("ada", "g1");
        bench.Do((machine, now) => machine.Resume(ada.Session, ada.TokenHash, "g2", now));
        bench.Do((machine, now) => machine.Detach(ada.Session, "g1", now));
        Assert.That(bench.Roster.Single().Away, Is.False);
    }

    [Test]
    public void A_gateway_that_attaches_without_a_session_has_lost_its_socket()
    {
        var bench = new MachineBench();
        var ada = bench.Join("ada");
        var bob = bench.Join("bob");
        bench.Do((machine, now) => machine.Attach("g1", [bob.Session], now));
        Assert.That(bench.Roster.Single(line => line.Session == ada.Session).Away, Is.True);
        Assert.That(bench.Roster.Single(line => line.Session == bob.Session).Away, Is.False);
    }

    [Test]
    public void An_endpoint_that_the_node_refuses_costs_its_member_and_not_the_room()
    {
        var bench = new MachineBench(settings: AlwaysSfu);
        var members = bench.JoinManyInSfu(2);
        var epoch = bench.Current.Epoch;
        var late = bench.Join("late");
        for (var tries = 0; bench.Roster.Any(line => line.Number == late.Number); tries++)
        {
            Assert.That(tries, Is.LessThanOrEqualTo(bench.Options.EndpointAttempts), "it is tried again a few times, and not for ever");
            var add = bench.Effects.OfType<AddEndpoint>().Last(add => add.Member.Number == late.Number);
            bench.Do((machine, now) => machine.EndpointRefused(epoch, add.Room, late.Number, add.Generation, now));
        }

        Assert.That(bench.Effects, Does.Contain(new NotifySession("g1", new SessionEnded(late.Session, LeaveReason.MediaUnavailable))));
        Assert.That(bench.Effects.OfType<CloseRoom>(), Is.Empty);
        Assert.That(bench.Current.Epoch, Is.EqualTo(epoch));
        Assert.That(bench.Roster.Select(line => line.Number), Is.EquivalentTo(members.Select(member => member.Number)));
    }

    [Test]
    public void A_gateway_that_dies_leaves_its_sessions_away()
    {
        var bench = new MachineBench();
        bench.Join("ada", "g1");
        bench.Join("bob", "g2");
        bench.Do((machine, now) => machine.GatewayLost("g1", now));
        Assert.That(bench.Roster.Select(participant => participant.Away), Is.EqualTo(new[] { true, false }));
    }

    [Test]
    public void To_be_deaf_is_to_be_muted_too()
    {
        var bench = new MachineBench();
        var ada = bench.Join("ada");
        bench.Do((machine, now) => machine.SetState(ada.Session, muted: false, deafened: true, now));
        Assert.That(bench.Roster.Single(), Has.Property("Muted").True.And.Property("Deafened").True);
    }

    [TestCase(true, false, false, false, true)]
    [TestCase(false, true, false, false, false)]
    [TestCase(false, false, true, false, true)]
    public void What_a_member_may_reaches_its_endpoint(bool muted, bool deafened, bool serverMuted, bool canSpeak, bool canListen)
    {
        var bench = new MachineBench(settings: AlwaysSfu);
        var ada = bench.JoinManyInSfu(1)[0];
        if (serverMuted)
            bench.Do((machine, now) => machine.SetServerMute(ada.Number, true, now));
        else
            bench.Do((machine, now) => machine.SetState(ada.Session, muted, deafened, now));
        Assert.That(bench.Effects.OfType<UpdateEndpoint>().Single().Member, Is.EqualTo(new EndpointPermissions(ada.Number, canSpeak, canListen)));
    }

    [Test]
    public void Without_the_grant_to_speak_an_endpoint_never_may()
    {
        var bench = new MachineBench(settings: AlwaysSfu);
        var ada = bench.TryJoin("ada", grants: Grants.Join | Grants.Listen).Member!;
        bench.Place(MachineBench.NodeA);
        Assert.That(bench.Effects.OfType<AddEndpoint>().Single().Member, Is.EqualTo(new EndpointPermissions(ada.Number, false, true)));
    }

    [Test]
    public void An_unanswered_offer_is_sent_again_on_resume_and_an_answered_one_is_not()
    {
        var bench = new MachineBench(settings: AlwaysSfu);
        var ada = bench.JoinManyInSfu(1)[0];
        bench.Do((machine, now) => machine.Resume(ada.Session, ada.TokenHash, "g2", now));
        Assert.That(bench.Effects.OfType<NotifySession>().Single(), Has.Property("GatewayId").EqualTo("g2").And.Property("Event").InstanceOf<SfuOffered>());
        bench.Forget();
        Assert.That(bench.Machine.Answered(ada.Session, new(1)), Is.EqualTo(VoiceError.None));
        bench.Do((machine, now) => machine.Resume(ada.Session, ada.TokenHash, "g2", now));
        Assert.That(bench.Events.OfType<SfuOffered>(), Is.Empty);
    }

    [Test]
    public void An_answer_to_a_layout_that_is_gone_is_stale()
    {
        var bench = new MachineBench(settings: AlwaysSfu);
        var ada = bench.JoinManyInSfu(1)[0];
        Assert.That(bench.Machine.Answered(ada.Session, new(2)), Is.EqualTo(VoiceError.StaleEpoch));
        Assert.That(bench.Machine.Answered(SessionId.New(), new(1)), Is.EqualTo(VoiceError.UnknownParticipant));
    }

    [Test]
    public void A_connection_that_keeps_failing_is_replaced_three_times_and_then_given_up()
    {
        var bench = new MachineBench(settings: AlwaysSfu);
        var ada = bench.JoinManyInSfu(1)[0];
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            bench.Machine.Answered(ada.Session, new(1));
            bench.Do((machine, now) => machine.ConnectionFailed(ada.Session, new(1), null, now));
            var again = bench.Effects.OfType<AddEndpoint>().Single();
            Assert.That(again.Generation, Is.EqualTo(attempt));
            bench.AddEndpoints();
            bench.Forget();
        }

        bench.Machine.Answered(ada.Session, new(1));
        bench.Do((machine, now) => machine.ConnectionFailed(ada.Session, new(1), null, now));
        Assert.That(bench.Effects, Does.Contain(new NotifySession("g1", new SessionEnded(ada.Session, LeaveReason.MediaUnavailable))));
    }

    [Test]
    public void Two_reports_of_one_failure_make_one_new_endpoint()
    {
        var bench = new MachineBench(settings: AlwaysSfu);
        var ada = bench.JoinManyInSfu(1)[0];
        bench.Machine.Answered(ada.Session, new(1));
        bench.Report(MachineBench.NodeA, new EndpointConnected(ada.Number) { Channel = MachineBench.Channel, Epoch = new(1) });
        bench.Do((machine, now) => machine.ConnectionFailed(ada.Session, new(1), null, now));
        bench.Report(MachineBench.NodeA, new EndpointClosed(ada.Number, EndpointCloseReason.ConsentExpired) { Channel = MachineBench.Channel, Epoch = new(1) });
        bench.Do((machine, now) => machine.ConnectionFailed(ada.Session, new(1), null, now));
        Assert.That(bench.Effects.OfType<AddEndpoint>().Count(), Is.EqualTo(1));
    }

    [Test]
    public void An_endpoint_that_closes_while_its_client_is_away_is_replaced_when_it_is_back()
    {
        var bench = new MachineBench(settings: AlwaysSfu);
        var ada = bench.JoinManyInSfu(1)[0];
        bench.Machine.Answered(ada.Session, new(1));
        bench.Report(MachineBench.NodeA, new EndpointConnected(ada.Number) { Channel = MachineBench.Channel, Epoch = new(1) });
        bench.Do((machine, now) => machine.Detach(ada.Session, "g1", now));
        bench.Report(MachineBench.NodeA, new EndpointClosed(ada.Number, EndpointCloseReason.ConsentExpired) { Channel = MachineBench.Channel, Epoch = new(1) });
        Assert.That(bench.Effects.OfType<AddEndpoint>(), Is.Empty);
        bench.Do((machine, now) => machine.Resume(ada.Session, ada.TokenHash, "g1", now));
        Assert.That(bench.Effects.OfType<AddEndpoint>().Single().Generation, Is.EqualTo(1));
    }

    [Test]
    public void The_dominant_speaker_is_told_when_it_changes_and_forgotten_when_it_leaves()
    {
        var bench = new MachineBench(settings: AlwaysSfu);
        var members = bench.JoinManyInSfu(2);
        var speaks = new DominantSpeakerChanged(members[0].Number) { Channel = MachineBench.Channel, Epoch = new(1) };
        bench.Report(MachineBench.NodeA, speaks, speaks);
        Assert.That(bench.Events, Is.EqualTo(new[] { new SpeakersChanged(members[0].Number) }));
        bench.Report(MachineBench.NodeB, new DominantSpeakerChanged(members[1].Number) { Channel = MachineBench.Channel, Epoch = new(1) });
        bench.Report(MachineBench.NodeA, new DominantSpeakerChanged(members[1].Number) { Channel = MachineBench.Channel, Epoch = new(7) });
        Assert.That(bench.Machine.Snapshot().DominantSpeaker, Is.EqualTo(members[0].Number), "another node's or epoch's news is not this room's");
        bench.Do((machine, now) => machine.Leave(members[0].Session, LeaveReason.Left, now));
        Assert.That(bench.Machine.Snapshot().DominantSpeaker, Is.Null);
    }

    [Test]
    public void Quality_is_the_worse_of_both_ends_and_told_only_when_its_level_changes()
    {
        var bench = new MachineBench(settings: AlwaysSfu);
        var ada = bench.JoinManyInSfu(1)[0];
        bench.Do((machine, now) => machine.SetQuality(ada.Session, ConnectionQuality.Excellent, now));
        bench.Report(MachineBench.NodeA, new EndpointQuality(ada.Number, LossPercent: 10, JitterMs: 1, RoundTripMs: 10) { Channel = MachineBench.Channel, Epoch = new(1) });
        bench.Report(MachineBench.NodeA, new EndpointQuality(ada.Number, LossPercent: 11, JitterMs: 2, RoundTripMs: 11) { Channel = MachineBench.Channel, Epoch = new(1) });
        Assert.That(bench.Events.OfType<RosterChanged>().Select(change => change.Changed.Single().Quality), Is.EqualTo(new[] { ConnectionQuality.Excellent, ConnectionQuality.Poor }));
    }

    [Test]
    public void Large_rosters_are_told_in_batches_but_before_a_layout_that_follows_them()
    {
        var bench = new MachineBench(new ChannelOptions { P2PThreshold = 4, ReturnThreshold = 4, RosterBatchAbove = 3 });
        bench.JoinMany(3);
        bench.Forget();
        bench.Join("fourth");
        Assert.That(bench.Events, Is.Empty);
        bench.Advance(bench.Options.RosterBatchInterval);
        Assert.That(bench.Events.OfType<RosterChanged>().Single().Joined.Single().Identity, Is.EqualTo("fourth"));

        bench.Forget();
        bench.Join("fifth");
        bench.Place(MachineBench.NodeA);
        Assert.That(bench.Events.Select(told => told.GetType()), Is.EqualTo(new[] { typeof(RosterChanged), typeof(LayoutOpened) }));
    }
    [Test]
    public void A_batch_does_not_wait_where_a_checkpoint_is_due()
    {
        var bench = new MachineBench(new ChannelOptions { RosterBatchAbove = 0 });
        bench.Join("ada");
        Assert.That(bench.Events.OfType<RosterChanged>(), Is.Empty);

        bench.Do((machine, _) => machine.TellRoster());
        bench.Do((machine, _) => machine.TellRoster());
        Assert.That(bench.Events.OfType<RosterChanged>().Single().Joined.Single().Identity, Is.EqualTo("ada"));
        bench.Advance(bench.Options.RosterBatchInterval);
        Assert.That(bench.Events.OfType<RosterChanged>().Count(), Is.EqualTo(1), "and comes only once");
    }
}
