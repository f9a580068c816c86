using Hype.MediaClient;
using Hype.MediaNode.Diagnostics;
using Hype.MediaNode.Dtls;
using Hype.MediaNode.Rooms;
using Hype.MediaNode.Rtp;
using Hype.MediaNode.Tickets;
using Hype.MediaNode.Workers;

namespace Hype.MediaNode.Tests.Workers;

/// <summary>
/// Tests the revival of a transport: another node continues it from a ticket, and for the client only the address changes.
/// </summary>
public sealed class RevivalTests
{
    private WorkerBench _old = null!;
    private WorkerBench _new = null!;

    [SetUp]
    public void Open()
    {
        _old = new WorkerBench(portable: true);
        _new = new WorkerBench(portable: true, time: _old.Time);
    }

    [TearDown]
    public void Close()
    {
        _old.Dispose();
        _new.Dispose();
    }

    [TestCase("SRTP_AES128_CM_SHA1_80")]
    [TestCase("SRTP_AEAD_AES_128_GCM")]
    [TestCase("SRTP_AEAD_AES_256_GCM")]
    public void Members_revived_on_another_node_hear_each_other_with_unchanged_SRTP_keys(string profile)
    {
        using var dtls = SelfSigned.Client.NewContext(profile);
        var peers = new[] { 1u, 2u }.Select(number => _old.Connect(number, dtls: dtls)).ToArray();
        for (var word = 0; word < 50; word++)
            _old.Frame(word, peers);

        foreach (var peer in peers)
        {
            _new.Revive(peer.Number, _old.Ticket(peer.Number));
            peer.Follow(_new.Network);
        }

        _new.Acknowledge();
        _new.Turn();
        for (var word = 50; word < 100; word++)
            _new.Frame(word, peers);

        Assert.That(peers.Select(peer => peer.Unreadable), Is.All.Zero);
        Assert.That(
            peers.Select(peer => peer.Heard.Where(heard => !heard.Padded).Select(heard => heard.Word)),
            Is.All.EqualTo(Enumerable.Range(0, 100)));
    }

    [Test]
    public void RTP_timestamps_of_revived_slots_advance_by_the_elapsed_time()
    {
        var (listener, speaker) = (_old.Connect(1), _old.Connect(2));
        _old.Frame(0, speaker);
        MoveAll(listener, speaker);
        _new.Advance(TimeSpan.FromSeconds(2));

        _new.Frame(1, speaker);

        var (before, after) = (listener.Heard[0], listener.Heard[^1]);
        Assert.That(after.Ssrc, Is.EqualTo(before.Ssrc));
        Assert.That(
            after.Timestamp - before.Timestamp, Is.EqualTo((2000 + 20) * SlotStream.ClockRate / 1000).Within(SlotStream.ClockRate / 500));
        Assert.That((ushort)(after.Sequence - before.Sequence), Is.InRange(1, TicketIssuer.Allowance + (2 * SilentSlots.Times)));
        Assert.That(after.Marker, Is.True, "a new stretch");
    }

    [Test]
    public void Revived_endpoint_sends_nothing_and_is_not_reported_as_connected_before_the_first_ICE_check()
    {
        var (listener, speaker) = (_old.Connect(1), _old.Connect(2));
        Revive(listener, speaker);
        speaker.Follow(_new.Network);
        _new.Turn();

        _new.Frame(1, speaker);
        Assert.That(_new.IsConnected(1), Is.False);
        Assert.That(_new.Network.Strays, Is.Zero);
        listener.Follow(_new.Network);
        _new.Turn();
        _new.Frame(2, speaker);

        Assert.That(_new.Events.Count(happened => happened is { Kind: RoomEventKind.Connected, Number.Value: 1 }), Is.EqualTo(1));
        Assert.That(listener.Heard.Single(heard => !heard.Padded).Word, Is.EqualTo(2));
    }

    [Test]
    public void Revived_endpoint_sends_nothing_before_the_first_ticket_of_the_new_node_is_acknowledged()
    {
        var (listener, speaker) = (_old.Connect(1), _old.Connect(2));
        _new.Revive(1, _old.Ticket(1));
        _new.Revive(2, _old.Ticket(2));
        listener.Follow(_new.Network);
        speaker.Follow(_new.Network);
        _new.Turn();

        _new.Frame(1, speaker);
        Assert.That(listener.Heard, Is.Empty, "the same ticket could be revived once more elsewhere");
        _new.Acknowledge();
        _new.Frame(2, speaker);

        Assert.That(listener.Heard.Single(heard => !heard.Padded).Word, Is.EqualTo(2));
    }

    [Test]
    public void Revived_endpoint_is_closed_after_thirty_seconds_if_no_client_connects()
    {
        _new.Revive(1, TicketOf(1));

        _new.Advance(TimeSpan.FromSeconds(30));
        Assert.That(_new.ClosedBecause(1), Is.Null);
        _new.Advance(TimeSpan.FromSeconds(0.2));

        Assert.That(_new.ClosedBecause(1), Is.EqualTo(CloseReason.NeverConnected));
    }

    [Test]
    public void Revived_endpoint_stays_connected_while_the_client_sends_ICE_checks()
    {
        var peer = _old.Connect(1);
        MoveAll(peer);
        peer.AnswersChecks = false;

        _new.Advance(TimeSpan.FromSeconds(29.9));
        peer.Check();
        _new.Advance(TimeSpan.FromSeconds(29.9));
        Assert.That(_new.ClosedBecause(1), Is.Null);
        _new.Advance(TimeSpan.FromSeconds(0.3));

        Assert.That(_new.ClosedBecause(1), Is.EqualTo(CloseReason.ConsentExpired));
    }

    [Test]
    public void Refused_ICE_check_is_not_the_arrival_of_the_client_at_its_revived_endpoint()
    {
        var peer = _old.Connect(1);
        Revive(peer);
        _new.Network.Add(peer);

        _new.Network.Socket.Arrive(StunRequests.Controlled(peer), peer.Address);
        _new.Turn();

        Assert.That(peer.StunAnswers[^1], Is.EqualTo(487));
        Assert.That(_new.IsConnected(1), Is.False);
    }

    [Test]
    public void Revived_endpoint_sends_media_at_once_to_the_IP_address_that_the_old_node_validated()
    {
        var (listener, speaker) = (_old.Connect(1), _old.Connect(2));
        _old.Acknowledge();
        var checks = listener.NodeChecks;
        listener.AnswersChecks = false;
        listener.MoveTo(listener.Address with { Port = 60_000 });

        MoveAll(listener, speaker);
        for (var word = 1; word <= 100; word++)
            _new.Frame(word, speaker);

        Assert.That(listener.Heard.Count(heard => !heard.Padded), Is.EqualTo(100));
        Assert.That(listener.NodeChecks - checks, Is.InRange(1, 8), "the node asks for a proof of its own");
    }

    [Test]
    public void Revived_endpoint_validates_another_IP_address_of_the_client_by_one_check()
    {
        var (listener, speaker) = (_old.Connect(1), _old.Connect(2));
        _old.Acknowledge();
        var checks = listener.NodeChecks;
        listener.MoveTo(WorkerBench.AddressOf(77));

        MoveAll(listener, speaker);
        for (var word = 1; word <= 100; word++)
            _new.Frame(word, speaker);

        Assert.That(listener.Heard.Count(heard => !heard.Padded), Is.EqualTo(100));
        Assert.That(listener.NodeChecks - checks, Is.EqualTo(1));
    }

    [Test]
    public void DTLS_record_for_a_revived_endpoint_is_counted_and_does_not_close_the_endpoint()
    {
        var peer = _old.Connect(1);
        MoveAll(peer);

        peer.SayGoodbye();
        _new.Turn();

        Assert.That(_new.Drops[DropReason.DtlsElsewhere], Is.EqualTo(1));
        Assert.That(_new.IsConnected(1), Is.True);
    }

    [Test]
    public void SDP_answer_with_another_fingerprint_closes_a_revived_endpoint()
    {
        var (same, another) = (_old.Connect(1), _old.Connect(2));
        MoveAll(same, another);

        _new.Answer(same);
        _new.Answer(another, SelfSigned.Node.Sha256);

        Assert.That(_new.ClosedBecause(1), Is.Null);
        Assert.That(_new.ClosedBecause(2), Is.EqualTo(CloseReason.FingerprintMismatch));
    }

    [Test]
    public void Packets_already_received_by_the_old_node_are_refused_as_replays_by_the_new_node()
    {
        var (listener, speaker) = (_old.Connect(1), _old.Connect(2));
        var before = speaker.Frame(1);
        speaker.Send(before);
        _old.Advance(TimeSpan.FromSeconds(0.2));
        _old.Acknowledge();
        _old.Advance(TimeSpan.FromSeconds(0.2));
        MoveAll(listener, speaker);
        listener.Heard.Clear();

        speaker.Send(before);
        _new.Turn();
        _new.Frame(2, speaker);

        Assert.That(_new.Drops[DropReason.SrtpReplayed], Is.EqualTo(1));
        Assert.That(listener.Heard.Single(heard => !heard.Padded).Word, Is.EqualTo(2));
    }

    [Test]
    public void Revived_endpoint_has_a_newer_ticket_than_any_ticket_of_the_old_node()
    {
        var peer = _old.Connect(1);
        _new.Revive(1, _old.Ticket(1));
        using var first = WorkerBench.Read(_old.Ticket(1));
        using var second = WorkerBench.Read(_new.Ticket(1));

        Assert.That(second.Version - first.Version, Is.GreaterThanOrEqualTo(TransportTicket.Generation));
        Assert.That(
            second.Slots.Zip(first.Slots).Select(slots => slots.First.Bound - slots.Second.Bound),
            Is.All.InRange(1, TicketIssuer.Allowance));
        Assert.That(_new.Ticket(1).IceUfrag, Is.EqualTo(peer.Ufrag));
        Assert.That(_new.Ticket(1).Fingerprint, Is.EqualTo(CertificateFingerprint.Write(SelfSigned.Node.Sha256)));
    }

    [Test]
    public void Ticket_with_fewer_slots_than_the_room_is_refused()
    {
        using var small = new WorkerBench(slots: 2, portable: true);
        small.Connect(1);
        using var content = WorkerBench.Read(small.Ticket(1));

        Assert.That(
            _new.Worker.AddEndpoint(WorkerBench.Room, new EndpointSpec(new MemberNumber(1), content, true, true)),
            Is.EqualTo(CommandResult.WrongSlots));
        Assert.That(_new.Worker.Counters.Endpoints, Is.Zero);
    }

    [Test]
    public void Slot_silent_during_forty_moves_between_nodes_is_still_decryptable_afterwards()
    {
        const int moves = 40;
        var (listener, speaker) = (_old.Connect(1), _old.Connect(2));
        _old.Frame(1, speaker);
        listener.Heard.Clear();
        var benches = new List<WorkerBench> { _old };
        for (var move = 0; move < moves; move++)
        {
            var next = new WorkerBench(portable: true, time: _old.Time);
            foreach (var peer in new[] { listener, speaker })
            {
                next.Revive(peer.Number, benches[^1].Ticket(peer.Number));
                peer.Follow(next.Network);
            }

            next.Acknowledge();
            next.Advance(TimeSpan.FromSeconds(0.5));
            benches.Add(next);
        }

        benches[^1].Frame(2, speaker);

        Assert.That(listener.Unreadable, Is.Zero);
        Assert.That(listener.Heard.Single(heard => !heard.Padded).Word, Is.EqualTo(2), "40 moves are fifteen rounds of sequence numbers");
        benches.ForEach(bench => bench.Dispose());
    }

    [Test]
    public void Revival_after_one_that_the_client_did_not_follow_is_refused_because_too_few_indices_are_left()
    {
        using var third = new WorkerBench(portable: true, time: _old.Time);
        var (listener, speaker) = (_old.Connect(1), _old.Connect(2));
        for (var word = 0; word < 50; word++)
            _old.Frame(word, speaker);
        Revive(listener, speaker);
        _new.Advance(TimeSpan.FromSeconds(2));

        Assert.That(third.TryRevive(1, _new.Ticket(1)), Is.EqualTo(CommandResult.TicketSpent));
        Assert.That(third.Worker.Counters.Endpoints, Is.Zero);
    }

    [Test]
    public void Speech_of_a_minute_is_heard_after_losses_of_nodes_in_a_row([Values(1, 2, 3)] int losses, [Values] bool follows)
    {
        var (listener, speaker) = (_old.Connect(1), _old.Connect(2));
        for (var word = 0; word < 50; word++)
            _old.Frame(word, speaker);
        var benches = new List<WorkerBench> { _old };
        for (var loss = 1; loss <= losses; loss++)
        {
            var next = new WorkerBench(portable: true, time: _old.Time);
            listener = Continue(listener, benches[^1], next, follows || loss == losses);
            speaker = Continue(speaker, benches[^1], next, follows || loss == losses);
            next.Acknowledge();
            next.Advance(TimeSpan.FromSeconds(1), next.Acknowledge);
            benches.Add(next);
        }

        listener.Heard.Clear();
        var last = benches[^1];
        for (var word = 0; word < 60 * 50; word++)
        {
            if (word % 100 == 0)
            {
                listener.Check();
                speaker.Check();
            }

            last.Frame(word, speaker);
            last.Acknowledge();
        }

        Assert.That(listener.Unreadable, Is.Zero);
        Assert.That(listener.Heard.Where(heard => !heard.Padded).Select(heard => heard.Word), Is.EqualTo(Enumerable.Range(0, 60 * 50)));
        Assert.That(last.Drops[DropReason.BeyondTicket], Is.Zero);
        benches.ForEach(bench => bench.Dispose());
    }

    [Test]
    public void Endpoint_that_is_not_portable_has_no_ticket()
    {
        using var bench = new WorkerBench();
        bench.Connect(1);

        Assert.That(bench.Tickets(1), Is.Empty);
        Assert.That(bench.Worker.ListEndpoints(WorkerBench.Room)!.Single(), Is.EqualTo((new MemberNumber(1), (IssuedTicket?)null, false)));
    }

    // As the control plane does: a member whose revival is refused gets a new transport.
    private static TestPeer Continue(TestPeer peer, WorkerBench old, WorkerBench next, bool follows)
    {
        if (next.TryRevive(peer.Number, old.Ticket(peer.Number)) != CommandResult.Done)
        {
            peer.Leave();
            return next.Connect(peer.Number);
        }

        if (follows)
            peer.Follow(next.Network);
        return peer;
    }

    private IssuedTicket TicketOf(uint number)
    {
        _old.Connect(number);
        return _old.Ticket(number);
    }

    private void Revive(params TestPeer[] peers)
    {
        foreach (var peer in peers)
            _new.Revive(peer.Number, _old.Ticket(peer.Number));
        _new.Acknowledge();
    }

    private void MoveAll(params TestPeer[] peers)
    {
        Revive(peers);
        foreach (var peer in peers)
            peer.Follow(_new.Network);
        _new.Turn();
    }
}
