using Hype.MediaNode.Diagnostics;
using Hype.MediaNode.Net;
using Hype.MediaNode.Rooms;
using Hype.MediaNode.Rtp;
using Hype.MediaNode.Tickets;
using Hype.MediaNode.Workers;

namespace Hype.MediaNode.Tests.Workers;

/// <summary>Tests at which moments tickets are issued, and up to which index a ticket lets the node send.</summary>
public sealed class TicketTests
{
    private WorkerBench _bench = null!;

    [SetUp]
    public void Open() => _bench = new WorkerBench(portable: true);

    [TearDown]
    public void Close() => _bench.Dispose();

    [Test]
    public void Ticket_is_issued_on_connect_with_an_index_limit_for_every_slot()
    {
        var peer = _bench.Connect(1);

        var ticket = _bench.Tickets(1).Single();
        using var content = WorkerBench.Read(ticket);
        Assert.That(ticket.IceUfrag, Is.EqualTo(peer.Ufrag));
        Assert.That(
            ticket.SlotSsrcs.Select(ssrc => ssrc.Value), Is.EqualTo(Enumerable.Range(0, 3).Select(slot => WorkerBench.SlotSsrc(1, slot))));
        Assert.That(content.Version, Is.EqualTo(ticket.Version));
        Assert.That(content.Keys.Profile, Is.EqualTo(peer.Profile));
        Assert.That(content.Slots.Select(slot => slot.Bound.Value), Is.All.EqualTo(TicketIssuer.Allowance));
    }

    [Test]
    public void Unacknowledged_ticket_is_replaced_by_a_newer_ticket_while_the_control_plane_answers()
    {
        _bench.Connect(1);
        _bench.Contact.Record(_bench.Now);

        _bench.Advance(TimeSpan.FromSeconds(1.5));
        Assert.That(_bench.Tickets(1), Has.Count.EqualTo(1));
        _bench.Advance(TimeSpan.FromSeconds(1.5), () => _bench.Contact.Record(_bench.Now));
        Assert.That(_bench.Tickets(1), Has.Count.EqualTo(2));
        Assert.That(_bench.Ticket(1).Version, Is.GreaterThan(_bench.Tickets(1)[0].Version));

        _bench.Acknowledge();
        _bench.Advance(TimeSpan.FromSeconds(10), _bench.Acknowledge);
        Assert.That(_bench.Tickets(1), Has.Count.EqualTo(2), "no further ticket is issued after the acknowledgement");
    }

    [Test]
    public void Newer_ticket_names_the_IP_address_at_which_the_client_last_answered()
    {
        var peer = _bench.Connect(1);
        _bench.Advance(TimeSpan.FromSeconds(1), _bench.Acknowledge);
        Assert.That(HostOf(_bench.Ticket(1)), Is.EqualTo(peer.Address with { Port = 0 }));

        peer.MoveTo(WorkerBench.AddressOf(77));
        peer.Check();
        _bench.Advance(TimeSpan.FromSeconds(1), _bench.Acknowledge);
        Assert.That(HostOf(_bench.Ticket(1)), Is.EqualTo(WorkerBench.AddressOf(77, port: 0)));

        peer.AnswersChecks = false;
        for (var second = 0; second < 31; second++)
        {
            peer.Check();
            _bench.Advance(TimeSpan.FromSeconds(1), _bench.Acknowledge);
        }

        Assert.That(HostOf(_bench.Ticket(1)), Is.Null);
    }

    [Test]
    public void Ticket_of_a_revived_endpoint_does_not_repeat_the_proof_of_the_node_before()
    {
        using var next = new WorkerBench(portable: true, time: _bench.Time);
        var peer = _bench.Connect(1);
        _bench.Advance(TimeSpan.FromSeconds(1), _bench.Acknowledge);
        next.Revive(1, _bench.Ticket(1));
        peer.AnswersChecks = false;
        peer.Follow(next.Network);
        next.Advance(TimeSpan.FromSeconds(1), next.Acknowledge);
        Assert.That(HostOf(next.Ticket(1)), Is.Null);

        peer.AnswersChecks = true;
        next.Advance(TimeSpan.FromSeconds(2), next.Acknowledge);

        Assert.That(HostOf(next.Ticket(1)), Is.EqualTo(peer.Address with { Port = 0 }));
    }

    [Test]
    public void No_further_tickets_are_issued_during_a_control_plane_outage()
    {
        _bench.Connect(1);

        _bench.Advance(TimeSpan.FromSeconds(20));

        Assert.That(_bench.Tickets(1), Has.Count.EqualTo(1));
    }

    [Test]
    public void Newer_ticket_is_issued_long_before_a_slot_reaches_the_index_limit_of_its_ticket()
    {
        var (listener, speaker) = (_bench.Connect(1), _bench.Connect(2));
        _bench.Acknowledge();

        Talk(listener, speaker, TicketIssuer.Step - 10, () => _bench.Contact.Record(_bench.Now));
        Assert.That(_bench.Tickets(listener.Number), Has.Count.EqualTo(1));
        Talk(listener, speaker, 20, () => _bench.Contact.Record(_bench.Now));

        Assert.That(_bench.Tickets(listener.Number), Has.Count.EqualTo(2));
        using var content = WorkerBench.Read(_bench.Ticket(listener.Number));
        Assert.That(content.Slots.Max(slot => slot.Bound.Value), Is.GreaterThanOrEqualTo(TicketIssuer.Allowance + TicketIssuer.Step));
        Assert.That(content.Slots.Max(slot => slot.Sent.Value), Is.GreaterThanOrEqualTo(TicketIssuer.Step));
    }

    [Test]
    public void Newer_ticket_is_issued_after_a_new_SSRC_or_a_large_sequence_number_jump_of_the_publisher()
    {
        var (speaker, listener) = (_bench.Connect(1), _bench.Connect(2));
        _bench.Acknowledge();
        Talk(listener, speaker, 10);
        Assert.That(_bench.Tickets(1), Has.Count.EqualTo(2), "the first packet of its microphone needs a ticket");
        _bench.Acknowledge();

        speaker.NextSequence += 1 << 13;
        Talk(listener, speaker, 10);
        Assert.That(_bench.Tickets(1), Has.Count.EqualTo(3));
        _bench.Acknowledge();
        speaker.Ssrc++;
        speaker.NextSequence = 5;
        Talk(listener, speaker, 10);

        using var content = WorkerBench.Read(_bench.Ticket(1));
        Assert.That(content.Received.Select(source => source.Ssrc.Value), Is.EqualTo(new[] { speaker.Ssrc - 1, speaker.Ssrc }));
    }

    [Test]
    public void Slot_stops_at_the_index_limit_of_its_ticket_and_continues_with_a_newer_ticket()
    {
        var (listener, speaker) = (_bench.Connect(1), _bench.Connect(2));
        _bench.Acknowledge();
        // The control plane is there and acknowledges nothing any more.
        Talk(listener, speaker, TicketIssuer.Allowance + 500, () => _bench.Contact.Record(_bench.Now));

        Assert.That(listener.Heard, Has.Count.EqualTo(TicketIssuer.Allowance - 1));
        Assert.That(_bench.Drops[DropReason.BeyondTicket], Is.EqualTo(501));
        _bench.Acknowledge();
        _bench.Advance(TimeSpan.FromMicroseconds(IndexLimit.RevivalTime) + TimeSpan.FromSeconds(1), () => Here(listener, speaker));
        Talk(listener, speaker, 10);

        Assert.That(listener.Heard, Has.Count.EqualTo(TicketIssuer.Allowance - 1 + 10));
        Assert.That(listener.Heard[^10].Sequence, Is.EqualTo((ushort)(listener.Heard[^11].Sequence + 1)));
        Assert.That(listener.Unreadable, Is.Zero);
    }

    [Test]
    public void Long_speech_is_not_interrupted_by_the_index_limit()
    {
        var (listener, speaker) = (_bench.Connect(1), _bench.Connect(2));
        var packets = 0;
        for (var minute = 0; minute < 12; minute++)
        {
            // 10 ms frames: twice what a browser sends.
            for (var i = 0; i < 6000; i++, packets++)
            {
                _bench.Time.Advance(TimeSpan.FromMilliseconds(10));
                speaker.Say(i);
                if (i % 100 == 0)
                {
                    _bench.Acknowledge();
                    Here(listener, speaker);
                }

                _bench.Turn();
            }
        }

        Assert.That(listener.Heard, Has.Count.EqualTo(packets));
        Assert.That(_bench.Drops[DropReason.BeyondTicket], Is.Zero);
    }

    [Test]
    public void Media_continues_during_a_control_plane_outage_if_the_client_still_uses_this_node()
    {
        var (listener, speaker) = (_bench.Connect(1), _bench.Connect(2));
        _bench.Acknowledge();

        // Four minutes, more than one ticket's worth of 50 packets a second.
        Talk(listener, speaker, 12_000);
        Assert.That(listener.Heard, Has.Count.EqualTo(12_000));
        Assert.That(_bench.Tickets(1), Has.Count.EqualTo(1));

        // The control plane is back: the old ticket is void, a newer one is issued at once, and media never stops.
        _bench.Contact.Record(_bench.Now);
        Talk(listener, speaker, 50);
        Assert.That(listener.Heard, Has.Count.EqualTo(12_050));
        using var content = WorkerBench.Read(_bench.Ticket(1));
        Assert.That(content.Slots.Max(slot => slot.Bound.Value), Is.GreaterThan(12_000));
    }

    [Test]
    public void RTCP_reports_stop_at_the_SRTCP_index_limit_of_the_ticket()
    {
        var listener = _bench.Connect(1);
        _bench.Connect(2);
        _bench.Acknowledge();
        var speaker = _bench.Connect(3);
        _bench.Frame(1, speaker);

        // Two seconds each; one compound at a time.
        _bench.Advance(TimeSpan.FromHours(1), () =>
        {
            _bench.Contact.Record(_bench.Now);
            listener.Check(useCandidate: false);
            speaker.Check(useCandidate: false);
        });

        Assert.That(listener.Reports, Has.Count.EqualTo(TicketIssuer.RtcpAllowance));
    }

    [Test]
    public void Released_endpoint_sends_below_its_index_limit_and_gets_no_further_ticket()
    {
        var (listener, speaker) = (_bench.Connect(1), _bench.Connect(2));
        _bench.Acknowledge();
        Talk(listener, speaker, 100, _bench.Acknowledge);

        var (result, last) = _bench.Worker.ReleaseEndpoint(WorkerBench.Room, listener.Number);
        Talk(listener, speaker, TicketIssuer.Allowance + 2_000, _bench.Acknowledge);

        Assert.That(result, Is.EqualTo(CommandResult.Done));
        Assert.That(_bench.Ticket(listener.Number).Version, Is.LessThan(last!.Version), "only the hand-over gets the last ticket");
        using var content = WorkerBench.Read(last);
        Assert.That(
            listener.Heard.Max(heard => heard.Sequence), Is.GreaterThan(1_000).And.LessThan(content.Slots.Max(slot => slot.Bound.Value)));
        Assert.That(_bench.Drops[DropReason.BeyondTicket], Is.GreaterThan(0));
        Assert.That(_bench.Worker.ReleaseEndpoint(WorkerBench.Room, 9).Result, Is.EqualTo(CommandResult.UnknownEndpoint));
    }

    [Test]
    public void Last_ticket_of_a_released_endpoint_is_returned_only_to_a_repetition_of_the_same_hand_over()
    {
        _bench.Connect(1);
        _bench.Acknowledge();
        var last = _bench.Worker.ReleaseEndpoint(WorkerBench.Room, 1, handOver: 7).Ticket;

        Assert.That(last, Is.Not.Null);
        Assert.That(_bench.Worker.ListEndpoints(WorkerBench.Room), Is.EqualTo(new[] { (new MemberNumber(1), (IssuedTicket?)null, true) }));
        Assert.That(
            _bench.Worker.ReleaseEndpoint(WorkerBench.Room, 1, handOver: 8), Is.EqualTo((CommandResult.Done, (IssuedTicket?)null)));
        Assert.That(_bench.Worker.ReleaseEndpoint(WorkerBench.Room, 1, handOver: 7).Ticket, Is.SameAs(last));
    }

    [Test]
    public void Endpoint_list_contains_the_newest_ticket_of_each_connected_member()
    {
        _bench.Connect(1);
        _bench.Add(2);

        var listed = _bench.Worker.ListEndpoints(WorkerBench.Room)!;

        Assert.That(
            listed,
            Is.EqualTo(new[] { (new MemberNumber(1), _bench.Ticket(1), false), (new MemberNumber(2), (IssuedTicket?)null, false) }));
        Assert.That(_bench.Worker.ListEndpoints(new RoomKey("elsewhere", new RoomEpoch(1))), Is.Null);
    }

    [Test]
    public void Ticket_listed_after_a_control_plane_outage_has_an_index_limit_above_all_sent_indices()
    {
        var (listener, speaker) = (_bench.Connect(1), _bench.Connect(2));
        _bench.Acknowledge();
        Talk(listener, speaker, TicketIssuer.Allowance + 2_000);

        using var content = WorkerBench.Read(_bench.Worker.ListEndpoints(WorkerBench.Room)![0].Ticket!);

        Assert.That(content.Slots.Max(slot => slot.Bound.Value), Is.GreaterThan(TicketIssuer.Allowance + 2_000));
    }

    private void Talk(TestPeer listener, TestPeer speaker, int frames, Action? eachSecond = null)
    {
        for (var i = 0; i < frames; i++)
        {
            if (i % 50 == 0)
            {
                Here(listener, speaker);
                eachSecond?.Invoke();
            }

            _bench.Frame(i, speaker);
        }

        _bench.Advance(TimeSpan.FromSeconds(0.2));
    }

    private static void Here(params TestPeer[] peers)
    {
        foreach (var peer in peers)
            peer.Check();
    }

    private static TransportAddress? HostOf(IssuedTicket ticket)
    {
        using var content = WorkerBench.Read(ticket);
        return content.ClientHost;
    }
}
