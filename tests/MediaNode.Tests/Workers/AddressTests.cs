using Hype.MediaNode.Diagnostics;
using Hype.MediaNode.Net;
using Hype.MediaNode.Workers;

namespace Hype.MediaNode.Tests.Workers;

/// <summary>
/// Tests the addresses of members: an address belongs to a member after an authenticated check, and media goes to the source of the newest
/// nominating check.
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

        Assert.That(peer.StunAnswers, Is.EqualTo(new[] { 0, 0 }));
        Assert.That(sentTo, Is.EqualTo(new[] { WorkerBench.AddressOf(2) }));
    }

    [Test]
    public void ICE_check_with_a_wrong_password_is_not_answered_and_does_not_move_media()
    {
        using var bench = new WorkerBench();
        var (speaker, peer) = (bench.Connect(1), bench.Connect(2));
        var sentTo = SentTo(bench);

        peer.MoveTo(WorkerBench.AddressOf(77));
        peer.Send(peer.ForgedCheck("another-password-of-22-chars"));
        bench.Frame(1, speaker);

        Assert.That(sentTo, Is.EqualTo(new[] { WorkerBench.AddressOf(2) }));
        Assert.That(bench.Drops[DropReason.StunUnauthenticated], Is.EqualTo(1));
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

        attacker.MoveTo(victim.Address);
        bench.Network.Add(victim);
        attacker.Check();
        bench.Frame(1, victim);

        Assert.That(bench.Drops[DropReason.StunAddressTaken], Is.EqualTo(1));
        Assert.That(listener.Heard.Single().Speaker, Is.EqualTo(1));
    }

    [Test]
    public void Address_of_a_member_without_recent_ICE_checks_can_be_claimed_by_another_member()
    {
        using var bench = new WorkerBench();
        var (gone, heir, listener) = (bench.Connect(1), bench.Connect(2), bench.Connect(3));
        bench.Advance(TimeSpan.FromMicroseconds(EndpointTable.AddressHold));

        heir.MoveTo(gone.Address);
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
