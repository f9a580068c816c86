using Hype.MediaClient;
using Hype.MediaNode.Diagnostics;
using Hype.MediaNode.Workers;

namespace Hype.MediaNode.Tests.Workers;

public sealed class FingerprintTests
{
    [Test]
    public void Media_before_the_certificate_fingerprint_is_known_is_dropped_and_counted()
    {
        using var bench = new WorkerBench();
        var listener = bench.Connect(1);
        var newcomer = bench.Add(2);
        newcomer.Check();
        newcomer.Greet();
        bench.Turn();
        Assert.That(newcomer.IsConnected, Is.True, "the handshake is done");

        bench.Frame(1, newcomer);
        newcomer.SendReport([0x80, 201, 0, 1, 0, 0, 0, 1]);
        bench.Turn();

        Assert.That(listener.Heard, Is.Empty);
        Assert.That(bench.Drops[DropReason.NotConnected], Is.EqualTo(2));

        bench.Answer(newcomer);
        bench.Frame(2, newcomer);
        Assert.That(listener.Heard.Single().Word, Is.EqualTo(2));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void Endpoint_is_closed_and_media_dropped_if_certificate_and_SDP_fingerprint_differ(bool answerFirst)
    {
        using var bench = new WorkerBench();
        var listener = bench.Connect(1);
        var impostor = bench.Add(2);
        if (answerFirst)
            bench.Answer(impostor, SelfSigned.Node.Sha256);
        impostor.Check();
        impostor.Greet();
        bench.Turn();
        if (!answerFirst)
        {
            bench.Frame(1, impostor);
            Assert.That(bench.Drops[DropReason.NotConnected], Is.EqualTo(1));
            bench.Answer(impostor, SelfSigned.Node.Sha256);
        }

        Assert.That(bench.ClosedBecause(2), Is.EqualTo(CloseReason.FingerprintMismatch));
        Assert.That(bench.Worker.Counters.HandshakesFailed, Is.EqualTo(1));

        bench.Frame(2, impostor);

        Assert.That(listener.Heard, Is.Empty);
        Assert.That(bench.Drops[DropReason.UnknownAddress], Is.EqualTo(1));
        Assert.That(bench.IsConnected(2), Is.False);
    }

    [Test]
    public void Second_SDP_answer_with_another_fingerprint_closes_a_connected_endpoint()
    {
        using var bench = new WorkerBench();
        var peer = bench.Connect(1);
        bench.Answer(peer);
        Assert.That(bench.IsConnected(1), Is.True, "the same answer again changes nothing");

        bench.Answer(peer, SelfSigned.Node.Sha256);

        Assert.That(bench.ClosedBecause(1), Is.EqualTo(CloseReason.FingerprintMismatch));
        Assert.That(bench.Worker.Counters.HandshakesFailed, Is.Zero, "the handshake itself succeeded");
    }

    [TestCase("md5", 16)]
    [TestCase("sha-1", 20)]
    [TestCase("sha-256", 31)]
    [TestCase("sha-384", 32)]
    public void Fingerprint_with_an_unsupported_hash_or_length_is_refused(string algorithm, int length)
    {
        using var bench = new WorkerBench();
        bench.Add(1);

        Assert.That(bench.Worker.AcceptAnswer(WorkerBench.Room, 1, algorithm, new byte[length]), Is.EqualTo(CommandResult.BadFingerprint));
    }
}
