using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Abstractions.Participants;
using Hype.Grains.Abstractions.Sessions;
using Hype.Grains.Tests.Testing;

namespace Hype.Grains.Tests.Channels;

/// <summary>The grains together, in a real silo: what gateways and nodes see.</summary>
public sealed class ChannelGrainTests
{
    private TemporaryFolder _folder = null!;
    private SiloInProcess _silo = null!;
    private RecordingGateway _gateway = null!;
    private string _channel = null!;

    [OneTimeSetUp]
    public async Task StartSilo()
    {
        _folder = new TemporaryFolder();
        _silo = await SiloInProcess.Start(
            _folder.Database,
            ("Hype:Channels:MaxParticipants", "12"),
            ("Hype:Channels:ReturnDelay", "00:00:00.2"),
            ("Hype:Channels:CloseGrace", "00:00:00.05"),
            ("Hype:Channels:NodeRetryDelay", "00:00:00.1"));
    }

    [OneTimeTearDown]
    public async Task StopSilo()
    {
        await _silo.DisposeAsync();
        _folder.Dispose();
    }

    [SetUp]
    public void NewChannel()
    {
        _channel = TestContext.CurrentContext.Test.MethodName![..Math.Min(60, TestContext.CurrentContext.Test.MethodName!.Length)];
        _gateway = new RecordingGateway("g1");
    }

    private IChannelGrain Channel => _silo.Channel(_channel);

    private GatewayRef Gateway => _gateway.In(_silo.Grains);

    [Test]
    public async Task Joins_and_leaves_are_published_to_the_gateways()
    {
        var ada = await _silo.Join(_channel, "ada", _gateway);
        var bob = await _silo.Join(_channel, "bob", _gateway);

        Assert.That(bob.Snapshot!.Participants.Select(participant => participant.Identity), Is.EqualTo(new[] { "ada", "bob" }));
        Assert.That(bob.Snapshot.Current, Has.Property("Mode").EqualTo(ChannelMode.P2P).And.Property("Epoch").EqualTo(new LayoutEpoch(1)));
        await _gateway.Receives<RosterChanged>(change => change.Joined.Any(participant => participant.Identity == "bob"));

        await Channel.Leave(ada.Session, LeaveReason.Left);
        await _gateway.Receives<RosterChanged>(change => change.Left.Contains(new ParticipantLeft(ada.Number, LeaveReason.Left)));
        Assert.That(_gateway.Batches.Select(batch => batch.Sequence), Is.EqualTo(Enumerable.Range(1, _gateway.Batches.Count)));
    }

    [Test]
    public async Task Away_session_resumes_on_another_gateway_and_receives_its_waiting_signals()
    {
        var ada = await _silo.Join(_channel, "ada", _gateway);
        var bob = await _silo.Join(_channel, "bob", _gateway);
        await Channel.Detach(ada.Session, "g1");
        await _gateway.Receives<RosterChanged>(
            change => change.Changed.Any(participant => participant is { Identity: "ada", Away: true }));
        var participant = _silo.Grains.GetGrain<ISessionMailboxGrain>(ada.Session.Value);
        var signal = new PeerSignal(bob.Number, new(1), """{"candidate":null}""");
        Assert.That(await participant.Signal(ChannelId.Parse(_channel), signal), Is.EqualTo(VoiceError.None));

        var other = new RecordingGateway("g2");
        var resumed = await Channel.Resume(new ResumeRequest(ada.ResumeToken, other.In(_silo.Grains)));

        Assert.That(
            resumed,
            Has.Property("Error").EqualTo(VoiceError.None).And.Property("Session").EqualTo(ada.Session).And
                .Property("ResumeToken")
                .EqualTo(ada.ResumeToken));
        Assert.That(resumed.Snapshot!.Participants.Any(line => line.Away), Is.False);
        Assert.That(await other.Receives<(SessionId To, PeerSignal Signal)>(), Is.EqualTo((ada.Session, signal)));
    }

    [TestCase("")]
    [TestCase("no-dot")]
    [TestCase("00000000000000000000000000000000.secret")]
    public async Task Resume_with_a_wrong_token_is_refused(string token)
    {
        await _silo.Join(_channel, "ada", _gateway);
        Assert.That((await Channel.Resume(new ResumeRequest(token, Gateway))).Error, Is.EqualTo(VoiceError.SessionExpired));
    }

    [Test]
    public async Task Signal_to_an_ended_session_is_refused()
    {
        var ada = await _silo.Join(_channel, "ada", _gateway);
        await Channel.Leave(ada.Session, LeaveReason.Left);
        await _gateway.Receives<RosterChanged>(change => change.Left.Length > 0);

        var participant = _silo.Grains.GetGrain<ISessionMailboxGrain>(Guid.NewGuid());
        Assert.That(
            await participant.Signal(ChannelId.Parse(_channel), new PeerSignal(new MemberNumber(2), new(1), "{}")),
            Is.EqualTo(VoiceError.UnknownParticipant));
    }

    [Test]
    public async Task Second_session_of_an_identity_replaces_the_first_and_stays_server_muted()
    {
        var first = await _silo.Join(_channel, "ada", _gateway);
        Assert.That(await Channel.SetServerMute(first.Number, true), Is.EqualTo(VoiceError.None));
        var second = await _silo.Join(_channel, "ada", _gateway);

        await _gateway.Receives<SessionEnded>(ended => ended == new SessionEnded(first.Session, LeaveReason.Replaced));
        var only = second.Snapshot!.Participants.Single();
        Assert.That((only.Session, only.Number, only.ServerMuted), Is.EqualTo((second.Session, second.Number, true)));
    }

    [Test]
    public async Task Full_channel_admits_again_after_a_member_left()
    {
        Assert.That(await Channel.UpdateSettings(new ChannelSettings { MaxParticipants = 2 }), Is.EqualTo(VoiceError.None));
        var ada = await _silo.Join(_channel, "ada", _gateway);
        await _silo.Join(_channel, "bob", _gateway);

        Assert.That((await _silo.Join(_channel, "eve", _gateway)).Error, Is.EqualTo(VoiceError.ChannelFull));
        await Channel.Leave(ada.Session, LeaveReason.Left);
        Assert.That((await _silo.Join(_channel, "eve", _gateway)).Error, Is.EqualTo(VoiceError.None));
    }

    [Test]
    public async Task Ban_ends_the_session_and_holds_until_it_is_lifted()
    {
        var eve = await _silo.Join(_channel, "eve", _gateway);
        await Channel.SetBan(new Ban("eve", "noise", null));

        await _gateway.Receives<SessionEnded>(ended => ended == new SessionEnded(eve.Session, LeaveReason.Banned));
        Assert.That((await _silo.Join(_channel, "eve", _gateway)).Error, Is.EqualTo(VoiceError.Banned));
        await Channel.LiftBan("eve");
        Assert.That((await _silo.Join(_channel, "eve", _gateway)).Error, Is.EqualTo(VoiceError.None));
    }

    [Test]
    public async Task Join_without_the_grant_is_forbidden()
    {
        var refused = await Channel.Join(new JoinRequest { Identity = "ada", Name = "Ada", Grants = Grants.Listen, Gateway = Gateway });
        Assert.That(refused.Error, Is.EqualTo(VoiceError.Forbidden));
    }

    [Test]
    public async Task Ninth_member_switches_to_a_node_and_the_sixth_back_to_a_mesh()
    {
        await _silo.StartNode("ninth");
        var nine = await _silo.JoinMany(_channel, 9, _gateway);

        var opened = await _gateway.Receives<LayoutOpened>();
        Assert.That(
            (opened.Layout.Mode, opened.Layout.Reason, opened.Layout.Epoch),
            Is.EqualTo((ChannelMode.Sfu, ModeReason.AboveThreshold, new LayoutEpoch(2))));
        foreach (var seat in nine)
        {
            var offer = (await _gateway.Receives<SfuOffered>(offered => offered.Session == seat.Session)).Offer;
            Assert.That(
                (offer.Epoch, offer.SlotSsrcs.Distinct().Count(), offer.Candidates.Length), Is.EqualTo((new LayoutEpoch(2), 6, 1)));
            Assert.That(await Channel.Answer(seat.Session, Answer(new(2))), Is.EqualTo(VoiceError.None));
            await Channel.Ready(seat.Session, new(2));
        }

        await _gateway.Receives<LayoutCommitted>(committed => committed.Layout.Epoch == new LayoutEpoch(2));
        var node = await Carrier();
        Assert.That(
            node.Endpoints.Where(endpoint => endpoint.Channel.Value == _channel).Select(endpoint => endpoint.Number),
            Is.EquivalentTo(nine.Select(seat => seat.Number)));

        foreach (var seat in nine.Skip(6))
            await Channel.Leave(seat.Session, LeaveReason.Left);
        var back = await _gateway.Receives<LayoutOpened>(layout => layout.Layout.Epoch == new LayoutEpoch(3));
        Assert.That((back.Layout.Mode, back.Layout.Reason), Is.EqualTo((ChannelMode.P2P, ModeReason.BelowReturnThreshold)));
        var closed = NextCommand(node, () => !node.Rooms.Any(room => room.Channel.Value == _channel));
        foreach (var seat in nine.Take(6))
            await Channel.Ready(seat.Session, new(3));
        await _gateway.Receives<LayoutCommitted>(committed => committed.Layout.Epoch == new LayoutEpoch(3));
        await closed;
    }

    [Test]
    public async Task Failed_pair_switches_the_channel_to_a_node()
    {
        await _silo.StartNode("pair");
        var two = await _silo.JoinMany(_channel, 2, _gateway);
        await Channel.ConnectionFailed(two[1].Session, new(1), two[0].Number);

        var opened = await _gateway.Receives<LayoutOpened>();
        Assert.That((opened.Layout.Mode, opened.Layout.Reason), Is.EqualTo((ChannelMode.Sfu, ModeReason.PeerConnectionFailed)));
    }

    [Test]
    public async Task Lost_node_without_portable_endpoints_gives_all_members_new_offers()
    {
        await _silo.StartNode("dies-1");
        await _silo.StartNode("dies-2");
        await Channel.UpdateSettings(new ChannelSettings { Mode = ModePolicy.Sfu });
        var ada = await _silo.Join(_channel, "ada", _gateway);
        var first = await _gateway.Receives<SfuOffered>();
        var node = await Carrier();

        await Die(node);

        var second =
            await _gateway.Receives<SfuOffered>(
                offered => offered.Session == ada.Session && offered.Offer.IceUfrag != first.Offer.IceUfrag);
        Assert.That(second.Offer.Epoch, Is.EqualTo(new LayoutEpoch(1)), "to the client it is the same layout");
        Assert.That(await Carrier(), Is.Not.EqualTo(node));
    }

    [Test]
    public async Task Lost_node_with_portable_endpoints_moves_them_and_notifies_the_clients()
    {
        await _silo.StartNode("portable-1");
        await _silo.StartNode("portable-2");
        await Channel.UpdateSettings(new ChannelSettings { Mode = ModePolicy.Sfu });
        var ada = await _silo.Join(_channel, "ada", _gateway);
        var offer = (await _gateway.Receives<SfuOffered>()).Offer;
        var node = await Carrier();
        var ticket = new TransportTicket(offer.IceUfrag, offer.SlotSsrcs, offer.Fingerprint, Version: 1, Sealed: [1, 2, 3]);
        await _silo.Node(node).Report(
            node.Registration.Incarnation,
            [
                new EndpointConnected(ada.Number) { Channel = ChannelId.Parse(_channel), Epoch = new(1) },
                new EndpointTicketed(ada.Number, ticket) { Channel = ChannelId.Parse(_channel), Epoch = new(1) },
            ]);

        await Die(node);

        var moved = await _gateway.Receives<EndpointMoved>();
        Assert.That((moved.Session, moved.Epoch, moved.IceUfrag), Is.EqualTo((ada.Session, new LayoutEpoch(1), offer.IceUfrag)));
        var successor = await Carrier();
        Assert.That(successor, Is.Not.EqualTo(node));
        Assert.That(successor.Endpoints.Single(endpoint => endpoint.Channel.Value == _channel).Ticket, Is.EqualTo(ticket.Sealed));
    }

    [Test]
    public async Task Mute_reaches_the_node_after_its_endpoint()
    {
        await _silo.StartNode("mute");
        await Channel.UpdateSettings(new ChannelSettings { Mode = ModePolicy.Sfu });
        var ada = await _silo.Join(_channel, "ada", _gateway);
        await Channel.SetState(ada.Session, muted: true, deafened: false);
        await _gateway.Receives<SfuOffered>();
        var carrier = await Carrier();

        await NextCommand(
            carrier,
            () => carrier.Endpoints.Any(endpoint => endpoint.Channel.Value == _channel && !endpoint.CanSpeak && endpoint.CanListen));
    }

    [Test]
    public async Task Unanswered_mute_and_kick_are_repeated_at_the_node()
    {
        await _silo.StartNode("deaf");
        await Channel.UpdateSettings(new ChannelSettings { Mode = ModePolicy.Sfu });
        var ada = await _silo.Join(_channel, "ada", _gateway);
        var bob = await _silo.Join(_channel, "bob", _gateway);
        await _gateway.Receives<SfuOffered>(offered => offered.Session == bob.Session);
        var carrier = await Carrier();

        carrier.Alive = false;
        Assert.That(await Channel.SetServerMute(ada.Number, true), Is.EqualTo(VoiceError.None));
        Assert.That(await Channel.Kick(bob.Number), Is.EqualTo(VoiceError.None));
        carrier.Alive = true;

        await NextCommand(
            carrier,
            () => carrier.Endpoints.Where(endpoint => endpoint.Channel.Value == _channel).ToArray() is [{ CanSpeak: false } only]
                && only.Number == ada.Number);
    }

    [Test]
    public async Task Cancelled_join_admits_no_session()
    {
        await _silo.Join(_channel, "ada", _gateway);
        var held = _silo.Calls.Hold("Join", _channel);
        using var client = new CancellationTokenSource();
        var joining = Channel.Join(
            new JoinRequest { Identity = "bob", Name = "Bob", Grants = Grants.Join, Gateway = Gateway }, client.Token);
        await held.Came;
        await client.CancelAsync();
        Assert.That(async () => await joining, Throws.InstanceOf<OperationCanceledException>());
        await held.Cancelled.WaitAsync(TimeSpan.FromSeconds(20));

        held.LetIn();
        var last = await _silo.Join(_channel, "eve", _gateway);
        Assert.That(last.Snapshot!.Participants.Select(participant => participant.Identity), Is.EqualTo(new[] { "ada", "eve" }));
    }

    [Test]
    public async Task Closed_endpoint_is_replaced_by_a_new_offer()
    {
        await _silo.StartNode("closes");
        await Channel.UpdateSettings(new ChannelSettings { Mode = ModePolicy.Sfu });
        var ada = await _silo.Join(_channel, "ada", _gateway);
        var first = (await _gateway.Receives<SfuOffered>()).Offer;
        await Channel.Answer(ada.Session, Answer(new(1)));
        var carrier = await Carrier();
        var id = ChannelId.Parse(_channel);
        await _silo.Node(carrier).Report(
            carrier.Registration.Incarnation, [new EndpointConnected(ada.Number) { Channel = id, Epoch = new(1) }]);

        await _silo.Node(carrier).Report(
            carrier.Registration.Incarnation,
            [new EndpointClosed(ada.Number, EndpointCloseReason.ConsentExpired) { Channel = id, Epoch = new(1) }]);

        var second = (await _gateway.Receives<SfuOffered>(offered => offered.Offer.IceUfrag != first.IceUfrag)).Offer;
        Assert.That(second.Epoch, Is.EqualTo(new LayoutEpoch(1)));
        Assert.That(carrier.Endpoints.Single(endpoint => endpoint.Channel == id).IceUfrag, Is.EqualTo(second.IceUfrag));
    }

    [Test]
    public async Task Channel_with_members_is_listed_and_an_empty_one_is_not()
    {
        var id = ChannelId.Parse(_channel);
        var index = _silo.Grains.GetGrain<IChannelIndexGrain>(IChannelIndexGrain.ShardOf(id));
        var ada = await _silo.Join(_channel, "ada", _gateway);
        Assert.That(
            await Eventually(async () => (await index.List()).Any(summary => summary is { Participants: 1 } && summary.Channel == id)));

        await Channel.Leave(ada.Session, LeaveReason.Left);
        Assert.That(await Eventually(async () => (await index.List()).All(summary => summary.Channel != id)));
    }

    [Test]
    public async Task Gateway_that_attaches_again_counts_its_batches_from_one()
    {
        var ada = await _silo.Join(_channel, "ada", _gateway);
        await _gateway.Receives<RosterChanged>();
        var again = new RecordingGateway("g1");
        var gone = SessionId.New();

        var snapshot = await Channel.Attach(again.In(_silo.Grains), [ada.Session, gone]);

        Assert.That(snapshot.Participants.Single().Away, Is.False);
        await again.Receives<SessionEnded>(ended => ended == new SessionEnded(gone, LeaveReason.TimedOut));
        Assert.That(again.Batches[0].Sequence, Is.EqualTo(1));
    }

    [Test]
    public async Task Last_free_seat_is_assigned_once_in_a_thousand_races()
    {
        for (var race = 0; race < 1000; race++)
        {
            var channel = $"race-{race}";
            await _silo.Channel(channel).UpdateSettings(new ChannelSettings { MaxParticipants = 2 });
            await _silo.Join(channel, "early", _gateway);
            var late = await Task.WhenAll(Enumerable.Range(0, 4).Select(index => _silo.Join(channel, $"late-{index}", _gateway)));
            Assert.That(late.Select(result => result.Error).Order(), Is.EqualTo(
                new[] { VoiceError.None, VoiceError.ChannelFull, VoiceError.ChannelFull, VoiceError.ChannelFull }), $"race {race}");
        }
    }

    [TestCase(0)]
    [TestCase(10_001)]
    public async Task Settings_out_of_range_are_refused(int limit) =>
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

    private async Task<FakeMediaNode> Carrier() => _silo.Nodes.Find((await Channel.GetSnapshot()).Rooms.Single().Node);

    /// <summary>Completes when the node's state is as wanted, looked at after each of its commands.</summary>
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

    /// <summary>Polls soft state, whose changes are not announced.</summary>
    private static async Task<bool> Eventually(Func<Task<bool>> holds)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!timeout.IsCancellationRequested)
        {
            if (await holds())
                return true;
            await Task.Yield();
        }

        return false;
    }

    private async Task Die(FakeMediaNode node)
    {
        node.Alive = false;
        await _silo.Node(node).Suspect(node.Registration.Incarnation);
    }
}
