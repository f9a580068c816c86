using System.Text;
using Hype.MediaNode.Diagnostics;
using Hype.MediaNode.Net;
using Hype.MediaNode.Stun;
using Hype.MediaNode.Workers;

namespace Hype.MediaNode.Tests.Workers;

/// <summary>
/// Tests the addresses of members: an address belongs to a member after an authenticated check, and media goes to an address only after
/// the client has proved that it receives there.
/// </summary>
public sealed class AddressTests
{
    [Test]
    public void Media_moves_to_the_new_address_of_a_client_after_an_ICE_check_with_USE_CANDIDATE()
    {
        using var bench = new WorkerBench();
        var (speaker, mover) = (bench.Connect(1), bench.Connect(2));

        mover.MoveTo(WorkerBench.AddressOf(77));
        mover.Check();
        bench.Frame(1, speaker);

        Assert.That(mover.Heard, Has.Count.EqualTo(1));
        bench.Frame(2, mover);
        Assert.That(speaker.Heard.Single().Word, Is.EqualTo(2), "media from the new address belongs to the same member");
    }

    [Test]
    public void Address_with_a_forged_source_receives_at_most_three_times_the_bytes_sent_in_its_name()
    {
        using var bench = new WorkerBench();
        var (speaker, attacker) = (bench.Connect(1), bench.Connect(2));
        bench.Frame(0, attacker);
        var (own, victim) = (attacker.Address, WorkerBench.AddressOf(77));
        var (sent, received) = (0, 0);
        bench.Network.Socket.Deliver = (datagram, to) =>
        {
            if (to == victim)
                received += datagram.Length;
            else
                bench.Network.Deliver(datagram, to);
        };

        // The datagrams are authentic: the attacker forges only their source address.
        for (var word = 1; word <= 500; word++)
        {
            attacker.MoveTo(victim);
            foreach (var forged in new[] { attacker.CheckRequest(), attacker.Frame(word) })
            {
                attacker.Send(forged);
                sent += forged.Length;
            }

            attacker.MoveTo(own);
            bench.Frame(word, speaker);
        }

        Assert.That(received, Is.LessThanOrEqualTo(3 * sent));
        Assert.That(bench.Drops[DropReason.UnvalidatedAddress], Is.Zero, "voice in one direction is not more than in the other");
    }

    [Test]
    public void Listener_with_a_forged_source_cannot_direct_the_voices_of_a_room_to_the_address()
    {
        using var bench = new WorkerBench();
        var (speaker, attacker) = (bench.Connect(1), bench.Connect(2));
        var victim = WorkerBench.AddressOf(77);
        var received = 0;
        bench.Network.Socket.Deliver = (datagram, to) =>
        {
            if (to == victim)
                received += datagram.Length;
            else
                bench.Network.Deliver(datagram, to);
        };
        bench.Network.Remove(attacker);

        attacker.MoveTo(victim);
        var check = attacker.CheckRequest();
        attacker.Send(check);
        for (var word = 1; word <= 500; word++)
            bench.Frame(word, speaker);

        Assert.That(received, Is.InRange(1, 3 * check.Length));
    }

    [Test]
    public void Media_follows_a_new_NAT_mapping_that_is_checked_without_USE_CANDIDATE()
    {
        using var bench = new WorkerBench();
        var (speaker, listener) = (bench.Connect(1), bench.Connect(2));
        bench.Network.Remove(listener);

        listener.MoveTo(WorkerBench.AddressOf(2, 60_000));
        bench.Advance(TimeSpan.FromSeconds(5));
        listener.Check(useCandidate: false);
        bench.Turn();
        bench.Frame(1, speaker);

        Assert.That(listener.Heard.Select(heard => heard.Word), Is.EqualTo(new[] { 1 }));
    }

    [Test]
    public void Media_follows_the_voice_of_a_member_with_a_new_NAT_mapping_within_half_a_second()
    {
        using var bench = new WorkerBench();
        var (speaker, mover) = (bench.Connect(1), bench.Connect(2));
        bench.Frame(0, mover, speaker);
        bench.Network.Remove(mover);

        mover.MoveTo(WorkerBench.AddressOf(2, 60_000));
        mover.Check(useCandidate: false);
        for (var word = 1; word <= 50; word++)
            bench.Frame(word, mover, speaker);

        Assert.That(mover.Heard[^1].Word, Is.EqualTo(50));
        Assert.That(mover.Heard, Has.Count.GreaterThan(24), "at most half a second is lost");
    }

    [Test]
    public void Two_addresses_nominated_in_turn_lose_no_media_when_one_of_them_receives_nothing()
    {
        using var bench = new WorkerBench();
        var (speaker, listener) = (bench.Connect(1), bench.Connect(2));
        var (working, dead) = (listener.Address, WorkerBench.AddressOf(78));

        for (var word = 1; word <= 200; word++)
        {
            listener.MoveTo(dead);
            bench.Network.Remove(listener);
            listener.Check();
            listener.MoveTo(working);
            listener.Check();
            bench.Frame(word, speaker);
        }

        Assert.That(listener.Heard.Select(heard => heard.Word), Is.EqualTo(Enumerable.Range(1, 200)));
    }

    [Test]
    public void ICE_check_without_USE_CANDIDATE_is_answered_and_does_not_move_media()
    {
        using var bench = new WorkerBench();
        var (speaker, peer) = (bench.Connect(1), bench.Connect(2));
        var sentTo = SentTo(bench);

        peer.MoveTo(WorkerBench.AddressOf(77));
        peer.Check(useCandidate: false);
        bench.Turn();
        sentTo.Clear();
        bench.Frame(1, speaker);

        Assert.That((peer.StunAnswers, peer.NodeChecks), Is.EqualTo((new[] { 0, 0 }, 2)));
        Assert.That(sentTo, Is.EqualTo(new[] { WorkerBench.AddressOf(2) }));
    }

    [Test]
    public void ICE_check_with_a_wrong_password_is_not_answered_and_does_not_move_media()
    {
        using var bench = new WorkerBench();
        var (speaker, peer) = (bench.Connect(1), bench.Connect(2));
        var sentTo = SentTo(bench);

        peer.Send(peer.ForgedCheck());
        peer.MoveTo(WorkerBench.AddressOf(77));
        peer.Send(peer.ForgedCheck());
        bench.Frame(1, speaker);

        Assert.That(sentTo, Is.EqualTo(new[] { WorkerBench.AddressOf(2) }));
        Assert.That(bench.Drops[DropReason.StunUnauthenticated], Is.EqualTo(2));
    }

    [Test]
    public void Media_from_an_address_without_an_authenticated_ICE_check_is_dropped()
    {
        using var bench = new WorkerBench();
        var (listener, speaker) = (bench.Connect(1), bench.Connect(2));

        speaker.MoveTo(WorkerBench.AddressOf(77));
        bench.Frame(1, speaker);

        Assert.That(listener.Heard, Is.Empty);
        Assert.That(bench.Drops[DropReason.UnknownAddress], Is.EqualTo(1));
    }

    [Test]
    public void Member_cannot_claim_an_address_recently_confirmed_by_ICE_checks_of_another_member()
    {
        using var bench = new WorkerBench();
        var (victim, attacker, listener) = (bench.Connect(1), bench.Connect(2), bench.Connect(3));

        // The attacker forges the address: it does not receive what the node sends there.
        attacker.AnswersChecks = false;
        attacker.MoveTo(victim.Address);
        attacker.Check();
        bench.Turn();
        bench.Network.Add(victim);
        bench.Frame(1, victim);

        Assert.That(bench.Drops[DropReason.StunAddressTaken], Is.EqualTo(1));
        Assert.That(listener.Heard.Single().Speaker, Is.EqualTo(1));
    }

    [Test]
    public void Member_that_answers_a_check_at_the_address_of_another_member_takes_over_the_address()
    {
        using var bench = new WorkerBench();
        var (crashed, returned, listener) = (bench.Connect(1), bench.Connect(2), bench.Connect(3));

        returned.MoveTo(crashed.Address);
        bench.Network.Socket.Deliver = (datagram, to) =>
        {
            // A new client does not answer the checks for the old one.
            if (!StunMessage.TryParse(datagram, out var check) || !check.TryGetUsername(out _, out var node)
                || node.SequenceEqual(Encoding.ASCII.GetBytes(returned.Ufrag)))
                bench.Network.Deliver(datagram, to);
        };
        returned.Check();
        bench.Turn();
        bench.Advance(2 * TimeSpan.FromMicroseconds(AddressContest.Grace));
        bench.Frame(1, returned);

        Assert.That(listener.Heard.Single().Speaker, Is.EqualTo(2));
    }

    [Test]
    public void ClientHello_of_a_returning_client_waits_until_the_client_has_taken_over_the_address()
    {
        using var bench = new WorkerBench();
        var (crashed, returned) = (bench.Connect(1), bench.Add(2));
        returned.MoveTo(crashed.Address);
        bench.Network.Socket.Deliver = (datagram, to) =>
        {
            if (!StunMessage.TryParse(datagram, out var check) || !check.TryGetUsername(out _, out var node)
                || node.SequenceEqual(Encoding.ASCII.GetBytes(returned.Ufrag)))
                bench.Network.Deliver(datagram, to);
        };
        bench.Answer(returned);

        returned.Check();
        bench.Turn();
        returned.Greet();
        bench.Turn();
        Assert.That(bench.IsConnected(2), Is.False);
        bench.Advance(2 * TimeSpan.FromMicroseconds(AddressContest.Grace));

        Assert.That(bench.IsConnected(2), Is.True);
    }

    [Test]
    public void Nominated_address_of_a_listener_is_followed_at_once_when_the_first_check_of_the_node_is_lost()
    {
        using var bench = new WorkerBench();
        var (speaker, listener) = (bench.Connect(1), bench.Connect(2));
        var lost = 0;
        listener.MoveTo(WorkerBench.AddressOf(77));
        bench.Network.Loses = datagram => DatagramClassifier.Classify(datagram) == DatagramKind.Stun
            && StunMessage.TryParse(datagram, out var check) && check.Class == StunClass.Request && lost++ == 0;

        listener.Check();
        bench.Advance(TimeSpan.FromSeconds(0.5));
        bench.Frame(1, speaker);

        Assert.That(lost, Is.EqualTo(2));
        Assert.That(listener.Heard.Select(heard => heard.Word), Is.EqualTo(new[] { 1 }));
    }

    [Test]
    public void Removed_member_does_not_take_over_the_address_of_another_member()
    {
        using var bench = new WorkerBench();
        var (victim, rival, listener) = (bench.Connect(1), bench.Connect(2), bench.Connect(3));
        rival.MoveTo(victim.Address);
        rival.Check();
        bench.Worker.RemoveEndpoint(WorkerBench.Room, 2);
        bench.Turn();

        bench.Network.Add(victim);
        bench.Frame(1, victim);

        Assert.That(listener.Heard.Single().Speaker, Is.EqualTo(1));
    }

    [Test]
    public void Address_that_a_member_has_left_can_be_claimed_by_a_check_of_another_member()
    {
        using var bench = new WorkerBench();
        var (moved, heir, listener) = (bench.Connect(1), bench.Connect(2), bench.Connect(3));
        var left = moved.Address;
        bench.Network.Remove(moved);
        moved.MoveTo(WorkerBench.AddressOf(77));
        moved.Check();
        bench.Advance(TimeSpan.FromMicroseconds(EndpointTable.AddressHold));

        heir.AnswersChecks = false;
        heir.MoveTo(left);
        heir.Check();
        bench.Frame(1, heir);

        Assert.That(listener.Heard.Single().Speaker, Is.EqualTo(2));
    }

    [Test]
    public void Only_the_newest_eight_addresses_of_a_member_are_retained()
    {
        using var bench = new WorkerBench();
        var (listener, wanderer) = (bench.Connect(1), bench.Connect(2));
        for (ushort port = 1; port <= 20; port++)
        {
            wanderer.MoveTo(WorkerBench.AddressOf(2, port));
            wanderer.Check(useCandidate: false);
        }

        bench.Turn();

        for (ushort port = 1; port <= 20; port++)
        {
            wanderer.MoveTo(WorkerBench.AddressOf(2, port));
            bench.Frame(port, wanderer);
        }

        // The selected one, and the newest seven.
        Assert.That(listener.Heard.Select(heard => heard.Word), Is.EqualTo(Enumerable.Range(14, 7)));
        wanderer.MoveTo(WorkerBench.AddressOf(2));
        bench.Frame(99, wanderer);
        Assert.That(listener.Heard[^1].Word, Is.EqualTo(99));
    }

    [Test]
    public void Datagrams_to_a_member_leave_from_the_local_address_of_its_own_last_nominating_or_first_check()
    {
        using var bench = new WorkerBench();
        var (speaker, listener, other) = (bench.Connect(1), bench.Connect(2), bench.Connect(3, canListen: false));
        var socket = bench.Network.Socket;
        var (used, forged) = (new LocalAddress(1), new LocalAddress(2));
        socket.Arrive(listener.CheckRequest(), listener.Address, used);
        bench.Turn();
        socket.Deliver = (datagram, to) =>
        {
            if (DatagramClassifier.Classify(datagram) == DatagramKind.Rtp)
                bench.Network.Deliver(datagram, to);
        };

        socket.Arrive(listener.ForgedCheck(), listener.Address, forged);
        socket.Arrive(other.CheckRequest(), listener.Address, forged);
        for (ushort port = 1; port <= 100; port++)
            socket.Arrive(other.CheckRequest(), WorkerBench.AddressOf(3, port), forged);
        bench.Turn();
        bench.Frame(1, speaker);

        Assert.That(listener.Heard.Single().Word, Is.EqualTo(1));
        Assert.That(socket.LastLocal, Is.EqualTo(used));
    }

    private static List<TransportAddress> SentTo(WorkerBench bench)
    {
        var addresses = new List<TransportAddress>();
        bench.Network.Socket.Deliver = (datagram, to) =>
        {
            addresses.Add(to);
            bench.Network.Deliver(datagram, to);
        };
        return addresses;
    }
}
