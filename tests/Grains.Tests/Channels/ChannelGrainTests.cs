using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Abstractions.Participants;
using Hype.Grains.Abstractions.Sessions;
using Hype.Grains.Tests.Testing;
using Hype.Testing.Waiting;

namespace Hype.Grains.Tests.Channels;

/// <summary>
/// Tests the channel grain with its neighbours in a real silo: the events that gateways receive, and the orders that media nodes receive.
/// </summary>
public sealed class ChannelGrainTests() : ChannelFixture(
    ("Hype:Channels:MaxParticipants", "12"),
    ("Hype:Channels:ReturnDelay", "00:00:00.2"),
    ("Hype:Channels:CloseGrace", "00:00:00.05"),
    ("Hype:Channels:NodeRetryDelay", "00:00:00.1"))
{
    [Test]
    public async Task Joins_and_leaves_are_published_to_the_gateways()
    {
        var ada = await Join("ada");
        var bob = await Join("bob");

        Assert.That(bob.Snapshot!.Participants.Select(participant => participant.Identity), Is.EqualTo(new[] { "ada", "bob" }));
        Assert.That(bob.Snapshot.Current, Has.Property("Mode").EqualTo(ChannelMode.P2P).And.Property("Epoch").EqualTo(new LayoutEpoch(1)));
        await Gateway.Receives<RosterChanged>(change => change.Joined.Any(participant => participant.Identity == "bob"));

        await Channel.Leave(ada.Session, LeaveReason.Left);
        await Gateway.Receives<RosterChanged>(change => change.Left.Contains(new ParticipantLeft(ada.Number, LeaveReason.Left)));
        Assert.That(Gateway.Batches.Select(batch => batch.Sequence), Is.EqualTo(Enumerable.Range(1, Gateway.Batches.Count)));
    }

    [Test]
    public async Task Away_session_resumes_on_another_gateway_and_receives_the_signals_sent_meanwhile()
    {
        var ada = await Join("ada");
        var bob = await Join("bob");
        await Channel.Detach(ada.Session, "g1");
        await Gateway.Receives<RosterChanged>(
            change => change.Changed.Any(participant => participant is { Identity: "ada", Away: true }));
        var mailbox = Silo.Grains.GetGrain<ISessionMailboxGrain>(ada.Session.Value);
        var signal = new PeerSignal(bob.Number, new(1), """{"candidate":null}""");
        Assert.That(await mailbox.Signal(Id, signal), Is.EqualTo(VoiceError.None));

        var other = new RecordingGateway("g2");
        var resumed = await Channel.Resume(new ResumeRequest(ada.ResumeToken, other.In(Silo.Grains)));

        Assert.That(
            resumed,
            Has.Property("Error").EqualTo(VoiceError.None).And.Property("Session").EqualTo(ada.Session));
        Assert.That(resumed.Snapshot!.Participants.Any(line => line.Away), Is.False);
        Assert.That(await other.Receives<(SessionId To, PeerSignal Signal)>(), Is.EqualTo((ada.Session, signal)));
    }

    [Test]
    public async Task Resume_issues_another_token_and_the_used_one_is_valid_until_the_client_uses_the_other()
    {
        var ada = await Join("ada");
        var lost = await ResumeAsync(ada.ResumeToken);
        Assert.That(lost.ResumeToken, Is.Not.EqualTo(ada.ResumeToken));

        // The client did not receive that answer: it resumes with the token that it has.
        var second = await ResumeAsync(ada.ResumeToken);
        Assert.That((await ResumeAsync(lost.ResumeToken)).Error, Is.EqualTo(VoiceError.SessionExpired), "replaced before its first use");

        var third = await ResumeAsync(second.ResumeToken);
        Assert.That(third.Session, Is.EqualTo(ada.Session));
        Assert.That((await ResumeAsync(ada.ResumeToken)).Error, Is.EqualTo(VoiceError.SessionExpired), "the next one was used");
        Assert.That((await ResumeAsync(second.ResumeToken)).Error, Is.EqualTo(VoiceError.None), "the answer may be lost again");

        Task<JoinResult> ResumeAsync(string token) => Channel.Resume(new ResumeRequest(token, GatewayRef));
    }

    [TestCase("")]
    [TestCase("no-dot")]
    [TestCase("00000000000000000000000000000000.secret")]
    public async Task Resume_with_a_wrong_token_is_refused(string token)
    {
        await Join("ada");
        Assert.That((await Channel.Resume(new ResumeRequest(token, GatewayRef))).Error, Is.EqualTo(VoiceError.SessionExpired));
    }

    [Test]
    public async Task Signal_to_an_ended_session_is_refused()
    {
        var ada = await Join("ada");
        await Channel.Leave(ada.Session, LeaveReason.Left);
        await Gateway.Receives<RosterChanged>(change => change.Left.Length > 0);

        var mailbox = Silo.Grains.GetGrain<ISessionMailboxGrain>(Guid.NewGuid());
        Assert.That(
            await mailbox.Signal(Id, new PeerSignal(new MemberNumber(2), new(1), "{}")),
            Is.EqualTo(VoiceError.UnknownParticipant));
    }

    [Test]
    public async Task Mode_p2p_is_refused_for_a_channel_above_twice_the_threshold()
    {
        await Channel.UpdateSettings(new ChannelSettings { MaxParticipants = 17 });
        for (var number = 1; number <= 17; number++)
            await Join($"id-{number}");
        Assert.That(await Channel.UpdateSettings(new ChannelSettings { Mode = ModePolicy.P2P }), Is.EqualTo(VoiceError.MeshNotAllowed));
        Assert.That((await Channel.GetSnapshot()).Settings.Mode, Is.EqualTo(ModePolicy.Auto));
    }

    [Test]
    public async Task Full_channel_admits_a_member_after_another_member_has_left()
    {
        Assert.That(await Channel.UpdateSettings(new ChannelSettings { MaxParticipants = 2 }), Is.EqualTo(VoiceError.None));
        var ada = await Join("ada");
        await Join("bob");

        Assert.That((await Join("eve")).Error, Is.EqualTo(VoiceError.ChannelFull));
        await Channel.Leave(ada.Session, LeaveReason.Left);
        Assert.That((await Join("eve")).Error, Is.EqualTo(VoiceError.None));
    }

    [Test]
    public async Task Join_without_the_grant_to_join_is_forbidden()
    {
        var refused = await Channel.Join(new JoinRequest { Identity = "ada", Name = "Ada", Grants = Grants.Listen, Gateway = GatewayRef });
        Assert.That(refused.Error, Is.EqualTo(VoiceError.Forbidden));
    }

    [Test]
    public async Task Channel_switches_to_a_media_node_at_nine_members_and_back_to_p2p_at_six()
    {
        await Silo.StartNode("ninth");
        var nine = await Silo.JoinMany(Id.Value, 9, Gateway);

        var opened = await Gateway.Receives<LayoutOpened>();
        Assert.That(
            (opened.Layout.Mode, opened.Layout.Reason, opened.Layout.Epoch),
            Is.EqualTo((ChannelMode.Sfu, ModeReason.AboveThreshold, new LayoutEpoch(2))));
        foreach (var seat in nine)
        {
            var offer = (await Gateway.Receives<SfuOffered>(offered => offered.Session == seat.Session)).Offer;
            Assert.That(
                (offer.Epoch, offer.SlotSsrcs.Distinct().Count(), offer.Candidates.Length), Is.EqualTo((new LayoutEpoch(2), 6, 1)));
            Assert.That(await Channel.Answer(seat.Session, Answer(new(2))), Is.EqualTo(VoiceError.None));
            await Channel.Ready(seat.Session, new(2));
        }

        await Gateway.Receives<LayoutCommitted>(committed => committed.Layout.Epoch == new LayoutEpoch(2));
        var node = await Carrier();
        Assert.That(
            node.Endpoints.Where(endpoint => endpoint.Channel == Id).Select(endpoint => endpoint.Number),
            Is.EquivalentTo(nine.Select(seat => seat.Number)));

        foreach (var seat in nine.Skip(6))
            await Channel.Leave(seat.Session, LeaveReason.Left);
        var back = await Gateway.Receives<LayoutOpened>(layout => layout.Layout.Epoch == new LayoutEpoch(3));
        Assert.That((back.Layout.Mode, back.Layout.Reason), Is.EqualTo((ChannelMode.P2P, ModeReason.BelowReturnThreshold)));
        var closed = NextCommand(node, () => !node.Rooms.Any(room => room.Channel == Id));
        foreach (var seat in nine.Take(6))
            await Channel.Ready(seat.Session, new(3));
        await Gateway.Receives<LayoutCommitted>(committed => committed.Layout.Epoch == new LayoutEpoch(3));
        await closed;
    }

    [Test]
    public async Task Channel_switches_from_p2p_to_sfu_when_two_members_cannot_connect()
    {
        await Silo.StartNode("pair");
        var two = await Silo.JoinMany(Id.Value, 2, Gateway);
        await Channel.ConnectionFailed(two[1].Session, new(1), two[0].Number);

        var opened = await Gateway.Receives<LayoutOpened>();
        Assert.That((opened.Layout.Mode, opened.Layout.Reason), Is.EqualTo((ChannelMode.Sfu, ModeReason.PeerConnectionFailed)));
    }

    [Test]
    public async Task Endpoint_without_a_transport_ticket_gets_a_new_offer_after_the_loss_of_the_media_node()
    {
        await Silo.StartNode("dies-1");
        await Silo.StartNode("dies-2");
        await Channel.UpdateSettings(new ChannelSettings { Mode = ModePolicy.Sfu });
        var ada = await Join("ada");
        var first = await Gateway.Receives<SfuOffered>();
        var node = await Carrier();

        await Die(node);

        var second =
            await Gateway.Receives<SfuOffered>(
                offered => offered.Session == ada.Session && offered.Offer.IceUfrag != first.Offer.IceUfrag);
        Assert.That(second.Offer.Epoch, Is.EqualTo(new LayoutEpoch(1)), "to the client it is the same layout");
        Assert.That(await Carrier(), Is.Not.EqualTo(node));
    }

    [Test]
    public async Task Ticket_of_a_lost_node_is_void_if_the_notice_of_the_loss_was_late()
    {
        var (ada, offer, node) = await JoinWithTicketAsync("late");
        Silo.Calls.Age(nameof(IChannelGrain.NodeLost), Id.Value, TimeSpan.FromSeconds(3));
        await Die(node);
        await Gateway.Receives<SfuOffered>(
            offered => offered.Session == ada.Session && offered.Offer.IceUfrag != offer.IceUfrag);
        Assert.That(
            (await Carrier()).Endpoints.Single(endpoint => endpoint.Channel == Id).Ticket,
            Is.Empty,
            "the node may have used indices beyond the ticket meanwhile");
    }

    [Test]
    public async Task Endpoint_with_a_transport_ticket_moves_to_another_node_after_the_loss_of_the_media_node()
    {
        var (ada, offer, node) = await JoinWithTicketAsync("portable");
        await Die(node);

        var moved = await Gateway.Receives<EndpointMoved>();
        Assert.That((moved.Session, moved.Epoch, moved.IceUfrag), Is.EqualTo((ada.Session, new LayoutEpoch(1), offer.IceUfrag)));
        var successor = await Carrier();
        Assert.That(successor, Is.Not.EqualTo(node));
        Assert.That(successor.Endpoints.Single(endpoint => endpoint.Channel == Id).Ticket, Is.EqualTo(new byte[] { 1, 2, 3 }));
    }

    [Test]
    public async Task Mute_of_a_member_before_the_endpoint_exists_is_sent_to_the_media_node_later()
    {
        await Silo.StartNode("mute");
        await Channel.UpdateSettings(new ChannelSettings { Mode = ModePolicy.Sfu });
        var ada = await Join("ada");
        await Channel.SetState(ada.Session, muted: true, deafened: false);
        await Gateway.Receives<SfuOffered>();
        var carrier = await Carrier();

        await NextCommand(
            carrier,
            () => carrier.Endpoints.Any(endpoint => endpoint.Channel == Id && !endpoint.CanSpeak && endpoint.CanListen));
    }

    [Test]
    public async Task Mute_and_kick_orders_are_repeated_until_the_node_answers()
    {
        await Silo.StartNode("deaf");
        await Channel.UpdateSettings(new ChannelSettings { Mode = ModePolicy.Sfu });
        var ada = await Join("ada");
        var bob = await Join("bob");
        await Gateway.Receives<SfuOffered>(offered => offered.Session == bob.Session);
        var carrier = await Carrier();

        carrier.Alive = false;
        Assert.That((await Channel.SetServerMute(ada.Number, true)).Error, Is.EqualTo(VoiceError.None));
        Assert.That((await Channel.Kick(bob.Number)).Error, Is.EqualTo(VoiceError.None));
        carrier.Alive = true;

        await NextCommand(
            carrier,
            () => carrier.Endpoints.Where(endpoint => endpoint.Channel == Id).ToArray() is [{ CanSpeak: false } only]
                && only.Number == ada.Number);
    }

    [Test]
    public async Task Client_of_a_closed_endpoint_gets_a_new_offer()
    {
        await Silo.StartNode("closes");
        await Channel.UpdateSettings(new ChannelSettings { Mode = ModePolicy.Sfu });
        var ada = await Join("ada");
        var first = (await Gateway.Receives<SfuOffered>()).Offer;
        await Channel.Answer(ada.Session, Answer(new(1)));
        var carrier = await Carrier();
        await Silo.Node(carrier).Report(
            carrier.Registration.Incarnation, [new EndpointConnected(ada.Number) { Channel = Id, Epoch = new(1) }]);

        await Silo.Node(carrier).Report(
            carrier.Registration.Incarnation,
            [new EndpointClosed(ada.Number, EndpointCloseReason.ConsentExpired) { Channel = Id, Epoch = new(1) }]);

        var second = (await Gateway.Receives<SfuOffered>(offered => offered.Offer.IceUfrag != first.IceUfrag)).Offer;
        Assert.That(second.Epoch, Is.EqualTo(new LayoutEpoch(1)));
        Assert.That(carrier.Endpoints.Single(endpoint => endpoint.Channel == Id).IceUfrag, Is.EqualTo(second.IceUfrag));
    }

    [Test]
    public async Task Channel_is_listed_in_the_index_only_while_the_channel_has_members()
    {
        var index = Silo.Grains.GetGrain<IChannelIndexGrain>(IChannelIndexGrain.ShardOf(Id));
        var ada = await Join("ada");
        await Poll.UntilAsync(async () => (await index.List()).Any(summary => summary is { Participants: 1 } && summary.Channel == Id));

        await Channel.Leave(ada.Session, LeaveReason.Left);
        await Poll.UntilAsync(async () => (await index.List()).All(summary => summary.Channel != Id));
    }

    [Test]
    public async Task Event_batches_to_a_gateway_are_numbered_from_one_after_the_gateway_attaches_again()
    {
        var ada = await Join("ada");
        await Gateway.Receives<RosterChanged>();
        var again = new RecordingGateway("g1");
        var gone = SessionId.New();

        var snapshot = await Channel.Attach(again.In(Silo.Grains), [ada.Session, gone]);

        Assert.That(snapshot.Participants.Single().Away, Is.False);
        await again.Receives<SessionEnded>(ended => ended == new SessionEnded(gone, LeaveReason.TimedOut));
        Assert.That(again.Batches[0].Sequence, Is.EqualTo(1));
    }

    [TestCase(0)]
    [TestCase(10_001)]
    public async Task Settings_with_a_participant_limit_out_of_range_are_refused(int limit) =>
        Assert.That(await Channel.UpdateSettings(new ChannelSettings { MaxParticipants = limit }), Is.EqualTo(VoiceError.InvalidSettings));

    private static SfuAnswer Answer(LayoutEpoch epoch) =>
        new()
        {
            Epoch = epoch,
            IceUfrag = "abcd",
            IcePwd = new string('p', 22),
            FingerprintAlgorithm = "sha-256",
            Fingerprint = new byte[32],
        };

    private async Task<FakeMediaNode> Carrier() => Silo.Nodes.Find((await Channel.GetSnapshot()).Rooms.Single().Node);

    /// <summary>Waits until the condition holds; it is evaluated immediately and after each order that the node executes.</summary>
    private static async Task NextCommand(FakeMediaNode node, Func<bool> wanted)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Look()
        {
            if (wanted())
                done.TrySetResult();
        }

        node.Executed += Look;
        Look();
        await done.Task.WaitAsync(TimeSpan.FromSeconds(20));
        node.Executed -= Look;
    }

    /// <summary>Starts two nodes, and joins a member whose endpoint has a ticket.</summary>
    private async Task<(JoinResult Seat, SfuOffer Offer, FakeMediaNode Node)> JoinWithTicketAsync(string nodes)
    {
        await Silo.StartNode($"{nodes}-1");
        await Silo.StartNode($"{nodes}-2");
        await Channel.UpdateSettings(new ChannelSettings { Mode = ModePolicy.Sfu });
        var seat = await Join("ada");
        var offer = (await Gateway.Receives<SfuOffered>()).Offer;
        var node = await Carrier();
        var ticket = new TransportTicket(offer.IceUfrag, offer.SlotSsrcs, offer.Fingerprint, Version: 1, Sealed: [1, 2, 3]);
        await Silo.Node(node).Report(
            node.Registration.Incarnation,
            [
                new EndpointConnected(seat.Number) { Channel = Id, Epoch = new(1) },
                new EndpointTicketed(seat.Number, ticket) { Channel = Id, Epoch = new(1) },
            ]);
        return (seat, offer, node);
    }

    private async Task Die(FakeMediaNode node)
    {
        node.Alive = false;
        await Silo.Node(node).Suspect(node.Registration.Incarnation);
    }
}
