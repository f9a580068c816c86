using Hype.MediaNode.Diagnostics;

namespace Hype.MediaNode.Tests.Workers;

public sealed class UnauthenticatedTests
{
    [Test]
    public void Unauthenticated_STUN_is_counted_and_never_answered()
    {
        using var bench = new WorkerBench();
        var peer = bench.Add(1);
        var request = peer.CheckRequest();

        peer.Send(peer.ForgedCheck());
        peer.Send(request[..^4]);
        var stranger = (byte[])request.Clone();
        var ufrag = request.AsSpan().IndexOf("node1"u8);
        stranger[ufrag] = (byte)'x';
        peer.Send(WithoutFingerprint(stranger));
        var indication = (byte[])request.Clone();
        indication[1] |= 0x10;
        peer.Send(WithoutFingerprint(indication));
        bench.Turn();

        Assert.Multiple(() =>
        {
            Assert.That(bench.Drops[DropReason.StunUnauthenticated], Is.EqualTo(1));
            Assert.That(bench.Drops[DropReason.StunMalformed], Is.EqualTo(1));
            Assert.That(bench.Drops[DropReason.StunUnknownUfrag], Is.EqualTo(1));
            Assert.That(bench.Drops[DropReason.StunUnexpected], Is.EqualTo(1));
            Assert.That(bench.Network.Socket.BytesSent, Is.Zero);
        });
    }

    [Test]
    public void Authenticated_ICE_check_with_an_unknown_required_attribute_is_answered_with_420()
    {
        using var bench = new WorkerBench();
        var peer = bench.Add(1);

        peer.Send(StunRequests.WithUnknownAttribute(peer));
        bench.Turn();

        Assert.That(peer.StunAnswers, Is.EqualTo(new[] { 420 }));
    }

    [Test]
    public void Datagrams_of_unknown_protocols_are_counted()
    {
        using var bench = new WorkerBench();
        var peer = bench.Connect(1);

        peer.Send([]);
        peer.Send([64, 0, 0, 0]);
        bench.Turn();

        Assert.That(bench.Drops[DropReason.UnknownKind], Is.EqualTo(2));
    }

    private static byte[] WithoutFingerprint(byte[] message)
    {
        var shorter = message[..^8];
        shorter[3] -= 8;
        return shorter;
    }
}
