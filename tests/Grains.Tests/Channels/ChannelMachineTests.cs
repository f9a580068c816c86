using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Abstractions.Participants;
using Hype.Grains.Channels.Effects;
using Hype.Grains.Channels.Inputs;
using Hype.Grains.Channels.Options;
using Hype.Grains.Channels.Orders;

namespace Hype.Grains.Tests.Channels;

/// <summary>Tests how the channel machine admits members, and handles their sockets, flags and endpoints.</summary>
public sealed class ChannelMachineTests
{
    private static readonly ChannelSettings AlwaysSfu = new() { Mode = ModePolicy.Sfu };

    [Test]
    public void Join_is_refused_at_the_participant_limit_including_away_members()
    {
        var bench = new MachineBench(settings: new ChannelSettings { MaxParticipants = 2 });
        var members = bench.JoinMany(2);
        bench.Run(new Detach(members[0].Session, "g1"));
        Assert.That(bench.TryJoin("late").Error, Is.EqualTo(VoiceError.ChannelFull));
        bench.Advance(bench.Options.ResumeWindow);
        Assert.That(bench.TryJoin("late").Error, Is.EqualTo(VoiceError.None));
    }

    [Test]
    public void Second_session_of_a_member_is_admitted_to_a_full_channel()
    {
        var bench = new MachineBench(settings: new ChannelSettings { MaxParticipants = 1 });
        var first = bench.Join("ada");
        var second = bench.Join("ada", "g2");
        Assert.That(bench.Effects, Does.Contain(new NotifySession("g1", new SessionEnded(first.Session, LeaveReason.Replaced))));
        Assert.That(bench.Roster.Single().Session, Is.EqualTo(second.Session));
        Assert.That(second.Number, Is.GreaterThan(first.Number));
    }

    [Test]
    public void Participant_limit_below_the_present_member_count_ends_no_session_but_refuses_joins()
    {
        var bench = new MachineBench();
        bench.JoinMany(3);
        bench.Run(new UpdateSettings(new ChannelSettings { MaxParticipants = 1 }));
        Assert.That(bench.Roster, Has.Count.EqualTo(3));
        Assert.That(bench.TryJoin("late").Error, Is.EqualTo(VoiceError.ChannelFull));
    }

    [Test]
    public void Loss_of_a_gateway_is_published_at_once_in_a_large_channel_too()
    {
        var bench = new MachineBench(new ChannelOptions { RosterBatchAbove = 1 });
        foreach (var identity in new[] { "ada", "bob", "cleo" })
            bench.Join(identity, "g1");
        bench.Forget();
        bench.Run(new GatewayLost("g1"));
        var published = bench.Events.OfType<RosterChanged>().SelectMany(change => change.Joined.Concat(change.Changed));
        Assert.That(published.Count(member => member.Away), Is.EqualTo(3));
    }

    [Test]
    public void Away_session_ends_with_the_reason_TimedOut_after_the_resume_window()
    {
        var bench = new MachineBench();
        var ada = bench.Join("ada");
        bench.Join("bob");
        bench.Run(new Detach(ada.Session, "g1"));
        bench.Advance(bench.Options.ResumeWindow - TimeSpan.FromMilliseconds(1));
        Assert.That(bench.Roster, Has.Count.EqualTo(2));
        bench.Advance(TimeSpan.FromMilliseconds(1));
        Assert.That(
            bench.Events.OfType<RosterChanged>().Last().Left.Single(),
            Is.EqualTo(new ParticipantLeft(ada.Number, LeaveReason.TimedOut)));
        Assert.That(bench.Run(new Resume(ada.Session, ada.TokenHash, [7], "g1")).Error, Is.EqualTo(VoiceError.SessionExpired));
    }

    [Test]
    public void Late_detach_of_the_previous_gateway_does_not_affect_a_resumed_session()
    {
        var bench = new MachineBench();
        var ada = bench.Join("ada", "g1");
        bench.Run(new Resume(ada.Session, ada.TokenHash, [7], "g2"));
        bench.Run(new Detach(ada.Session, "g1"));
        Assert.That(bench.Roster.Single().Away, Is.False);
    }

    [Test]
    public void Session_missing_from_the_session_list_of_an_attaching_gateway_is_marked_away()
    {
        var bench = new MachineBench();
        var ada = bench.Join("ada");
        var bob = bench.Join("bob");
        bench.Run(new Attach("g1", [bob.Session]));
        Assert.That(bench.Roster.Single(line => line.Session == ada.Session).Away, Is.True);
        Assert.That(bench.Roster.Single(line => line.Session == bob.Session).Away, Is.False);
    }

    [Test]
    public void Repeated_refusal_of_an_endpoint_ends_the_session_of_the_member_but_closes_no_room()
    {
        var bench = new MachineBench(settings: AlwaysSfu);
        var members = bench.JoinManyInSfu(2);
        var epoch = bench.Current.Epoch;
        var late = bench.Join("late");
        for (var tries = 0; bench.Roster.Any(line => line.Number == late.Number); tries++)
        {
            Assert.That(tries, Is.LessThanOrEqualTo(bench.Options.EndpointAttempts), "the endpoint is tried a limited number of times");
            var add = bench.Effects.OfType<AddEndpoint>().Last(add => add.Endpoint.Number == late.Number);
            bench.Answer(add, NodeOutcome.Failed);
        }

        Assert.That(bench.Effects, Does.Contain(new NotifySession("g1", new SessionEnded(late.Session, LeaveReason.MediaUnavailable))));
        Assert.That(bench.Effects.OfType<CloseRoom>(), Is.Empty);
        Assert.That(bench.Current.Epoch, Is.EqualTo(epoch));
        Assert.That(bench.Roster.Select(line => line.Number), Is.EquivalentTo(members.Select(member => member.Number)));
    }

    [Test]
    public void Sessions_of_a_lost_gateway_are_away()
    {
        var bench = new MachineBench();
        bench.Join("ada", "g1");
        bench.Join("bob", "g2");
        bench.Run(new GatewayLost("g1"));
        Assert.That(bench.Roster.Select(participant => participant.Away), Is.EqualTo(new[] { true, false }));
    }

    [Test]
    public void Self_deafened_member_is_also_muted()
    {
        var bench = new MachineBench();
        var ada = bench.Join("ada");
        bench.Run(new SetState(ada.Session, Muted: false, Deafened: true));
        Assert.That(bench.Roster.Single(), Has.Property("Muted").True.And.Property("Deafened").True);
    }

    [TestCase(true, false, false, false, true)]
    [TestCase(false, true, false, false, false)]
    [TestCase(false, false, true, false, true)]
    public void Mute_server_mute_or_deafen_restricts_the_speak_and_listen_permissions_of_the_endpoint(
        bool muted, bool deafened, bool serverMuted, bool canSpeak, bool canListen)
    {
        var bench = new MachineBench(settings: AlwaysSfu);
        var ada = bench.JoinManyInSfu(1)[0];
        if (serverMuted)
            bench.Run(new SetServerMute(ada.Number, true));
        else
            bench.Run(new SetState(ada.Session, muted, deafened));
        Assert.That(bench.Effects.OfType<UpdateEndpoint>().Single().Permissions, Is.EqualTo(new EndpointPermissions(canSpeak, canListen)));
    }

    [Test]
    public void Endpoint_of_a_member_without_the_grant_to_speak_may_only_listen()
    {
        var bench = new MachineBench(settings: AlwaysSfu);
        var ada = bench.TryJoin("ada", grants: Grants.Join | Grants.Listen).Member!;
        bench.Place(MachineBench.NodeA);
        Assert.That(bench.Effects.OfType<AddEndpoint>().Single().Permissions, Is.EqualTo(new EndpointPermissions(false, true)));
    }

    [Test]
    public void SFU_offer_is_sent_again_on_resume_only_if_the_client_has_not_answered_the_offer()
    {
        var bench = new MachineBench(settings: AlwaysSfu);
        var ada = bench.JoinManyInSfu(1)[0];
        bench.Run(new Resume(ada.Session, ada.TokenHash, [7], "g2"));
        Assert.That(
            bench.Effects.OfType<NotifySession>().Single(),
            Has.Property("GatewayId").EqualTo("g2").And.Property("Event").InstanceOf<SfuOffered>());
        bench.Forget();
        Assert.That(bench.Run(new Answered(ada.Session, new(1))).Error, Is.EqualTo(VoiceError.None));
        bench.Run(new Resume(ada.Session, ada.TokenHash, [7], "g2"));
        Assert.That(bench.Events.OfType<SfuOffered>(), Is.Empty);
    }

    [Test]
    public void SFU_answer_for_another_layout_epoch_is_refused_as_stale()
    {
        var bench = new MachineBench(settings: AlwaysSfu);
        var ada = bench.JoinManyInSfu(1)[0];
        Assert.That(bench.Run(new Answered(ada.Session, new(2))).Error, Is.EqualTo(VoiceError.StaleEpoch));
        Assert.That(bench.Run(new Answered(SessionId.New(), new(1))).Error, Is.EqualTo(VoiceError.UnknownParticipant));
    }

    [Test]
    public void Failed_media_connection_is_replaced_three_times_before_the_session_ends()
    {
        var bench = new MachineBench(settings: AlwaysSfu);
        var ada = bench.JoinManyInSfu(1)[0];
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            bench.Run(new Answered(ada.Session, new(1)));
            bench.Run(new ConnectionFailed(ada.Session, new(1), null));
            var again = bench.Effects.OfType<AddEndpoint>().Single();
            Assert.That(again.Endpoint.Generation, Is.EqualTo(attempt));
            bench.AddEndpoints();
            bench.Forget();
        }

        bench.Run(new Answered(ada.Session, new(1)));
        bench.Run(new ConnectionFailed(ada.Session, new(1), null));
        Assert.That(bench.Effects, Does.Contain(new NotifySession("g1", new SessionEnded(ada.Session, LeaveReason.MediaUnavailable))));
    }

    [Test]
    public void Reports_of_the_same_connection_failure_by_client_and_node_add_only_one_endpoint()
    {
        var bench = new MachineBench(settings: AlwaysSfu);
        var ada = bench.JoinManyInSfu(1)[0];
        bench.Run(new Answered(ada.Session, new(1)));
        bench.Report(MachineBench.NodeA, new EndpointConnected(ada.Number) { Channel = MachineBench.Channel, Epoch = new(1) });
        bench.Run(new ConnectionFailed(ada.Session, new(1), null));
        bench.Report(MachineBench.NodeA,
            new EndpointClosed(ada.Number, EndpointCloseReason.ConsentExpired) { Channel = MachineBench.Channel, Epoch = new(1) });
        bench.Run(new ConnectionFailed(ada.Session, new(1), null));
        Assert.That(bench.Effects.OfType<AddEndpoint>().Count(), Is.EqualTo(1));
    }

    [Test]
    public void Endpoint_closed_while_the_member_is_away_is_replaced_when_the_member_resumes()
    {
        var bench = new MachineBench(settings: AlwaysSfu);
        var ada = bench.JoinManyInSfu(1)[0];
        bench.Run(new Answered(ada.Session, new(1)));
        bench.Report(MachineBench.NodeA, new EndpointConnected(ada.Number) { Channel = MachineBench.Channel, Epoch = new(1) });
        bench.Run(new Detach(ada.Session, "g1"));
        bench.Report(MachineBench.NodeA,
            new EndpointClosed(ada.Number, EndpointCloseReason.ConsentExpired) { Channel = MachineBench.Channel, Epoch = new(1) });
        Assert.That(bench.Effects.OfType<AddEndpoint>(), Is.Empty);
        bench.Run(new Resume(ada.Session, ada.TokenHash, [7], "g1"));
        Assert.That(bench.Effects.OfType<AddEndpoint>().Single().Endpoint.Generation, Is.EqualTo(1));
    }

    [Test]
    public void Dominant_speaker_is_published_only_on_a_change_and_cleared_when_the_speaker_leaves()
    {
        var bench = new MachineBench(settings: AlwaysSfu);
        var members = bench.JoinManyInSfu(2);
        var speaks = new DominantSpeakerChanged(members[0].Number) { Channel = MachineBench.Channel, Epoch = new(1) };
        bench.Report(MachineBench.NodeA, speaks, speaks);
        Assert.That(bench.Events, Is.EqualTo(new[] { new SpeakersChanged(members[0].Number) }));
        bench.Report(MachineBench.NodeB, new DominantSpeakerChanged(members[1].Number) { Channel = MachineBench.Channel, Epoch = new(1) });
        bench.Report(MachineBench.NodeA, new DominantSpeakerChanged(members[1].Number) { Channel = MachineBench.Channel, Epoch = new(7) });
        Assert.That(
            bench.Machine.Snapshot().DominantSpeaker,
            Is.EqualTo(members[0].Number),
            "events of another node or epoch do not count");
        bench.Run(new Leave(members[0].Session, LeaveReason.Left));
        Assert.That(bench.Machine.Snapshot().DominantSpeaker, Is.Null);
    }

    [Test]
    public void Worse_of_the_client_and_node_quality_is_published_only_when_the_level_changes()
    {
        var bench = new MachineBench(settings: AlwaysSfu);
        var ada = bench.JoinManyInSfu(1)[0];
        bench.Run(new SetQuality(ada.Session, ConnectionQuality.Excellent));
        bench.Report(MachineBench.NodeA, Quality(lossPercent: 10));
        bench.Report(MachineBench.NodeA, Quality(lossPercent: 11));
        Assert.That(
            bench.Events.OfType<RosterChanged>().Select(change => change.Changed.Single().Quality),
            Is.EqualTo(new[] { ConnectionQuality.Excellent, ConnectionQuality.Poor }));

        EndpointQuality Quality(double lossPercent) =>
            new(ada.Number, lossPercent, JitterMs: 1, RoundTripMs: 10) { Channel = MachineBench.Channel, Epoch = new(1) };
    }

    [Test]
    public void Roster_changes_of_a_large_channel_are_batched_and_published_before_a_layout_event()
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
        Assert.That(
            bench.Events.Select(published => published.GetType()), Is.EqualTo(new[] { typeof(RosterChanged), typeof(LayoutOpened) }));
    }

    [Test]
    public void Pending_roster_batch_is_published_only_once_by_repeated_PublishRoster_inputs()
    {
        var bench = new MachineBench(new ChannelOptions { RosterBatchAbove = 0 });
        bench.Join("ada");
        Assert.That(bench.Events.OfType<RosterChanged>(), Is.Empty);

        bench.Run(new PublishRoster());
        bench.Run(new PublishRoster());
        Assert.That(bench.Events.OfType<RosterChanged>().Single().Joined.Single().Identity, Is.EqualTo("ada"));
        bench.Advance(bench.Options.RosterBatchInterval);
        Assert.That(bench.Events.OfType<RosterChanged>().Count(), Is.EqualTo(1), "and it is published only once");
    }
}
