using Hype.MediaClient;
using Hype.MediaNode.Diagnostics;
using Hype.MediaNode.Net;
using Hype.MediaNode.Tests.Workers;

namespace Hype.MediaNode.Tests.Forwarding;

public sealed class UntouchedPayloadTests
{
    [TestCase(111, 120, false, TestName = "Opus_payload_is_forwarded_unchanged")]
    [TestCase(63, 200, false, TestName = "RED_payload_is_forwarded_unchanged")]
    [TestCase(111, 1, false, TestName = "DTX_frame_of_one_byte_is_forwarded_unchanged")]
    [TestCase(111, 40, true, TestName = "Padded_payload_is_forwarded_unchanged")]
    [TestCase(111, 0, false, TestName = "Empty_payload_is_forwarded_unchanged")]
    public void Payload_is_forwarded_unchanged(int payloadType, int length, bool padded)
    {
        using var bench = new WorkerBench();
        var (listener, speaker) = (bench.Connect(1), bench.Connect(2));
        bench.Frame(0, speaker);
        var payload = new byte[length];
        new Random(length).NextBytes(payload);
        if (padded)
            payload[^1] = 8;

        speaker.Send(speaker.Frame(payload, (byte)payloadType, padded));
        bench.Turn();

        var heard = listener.Heard[^1];
        Assert.Multiple(() =>
        {
            Assert.That(listener.Heard, Has.Count.EqualTo(2));
            Assert.That(heard.Payload, Is.EqualTo(payload));
            Assert.That(heard.PayloadType, Is.EqualTo(payloadType));
            Assert.That(heard.Padded, Is.EqualTo(padded));
            Assert.That(heard.Speaker, Is.EqualTo(2), "the one CSRC");
            Assert.That(heard.Extension, Is.EqualTo(new byte[] { 0xBE, 0xDE, 0, 1, 0x10, 0x80 | 20, 0x40, (byte)'0' }));
            Assert.That(heard.Marker, Is.False);
        });
    }

    [Test]
    public void Marker_bit_is_set_in_the_first_forwarded_packet_of_a_speaker_and_not_in_the_next_packet()
    {
        using var bench = new WorkerBench();
        var (listener, speaker) = (bench.Connect(1), bench.Connect(2));

        bench.Frame(0, speaker);
        bench.Frame(1, speaker);

        Assert.That(listener.Heard.Select(heard => heard.Marker), Is.EqualTo(new[] { true, false }));
    }

    [Test]
    public void Packets_with_a_payload_type_not_in_the_SDP_offer_are_dropped()
    {
        using var bench = new WorkerBench();
        var (listener, speaker) = (bench.Connect(1), bench.Connect(2));

        speaker.Send(speaker.Frame(new byte[80], payloadType: 0));
        bench.Turn();

        Assert.That(listener.Heard, Is.Empty);
        Assert.That(bench.Drops[DropReason.UnknownPayloadType], Is.EqualTo(1));
    }

    [Test]
    public void Packet_received_twice_is_forwarded_once()
    {
        using var bench = new WorkerBench();
        var (listener, speaker) = (bench.Connect(1), bench.Connect(2));
        var packet = speaker.Frame(5);

        speaker.Send(packet);
        speaker.Send(packet);
        bench.Turn();

        Assert.That(listener.Heard, Has.Count.EqualTo(1));
        Assert.That(bench.Drops[DropReason.SrtpReplayed], Is.EqualTo(1));
    }

    [Test]
    public void Packet_too_long_for_the_buffer_after_encryption_is_dropped()
    {
        using var shortTags = SelfSigned.Client.NewContext("SRTP_AES128_CM_SHA1_80");
        using var bench = new WorkerBench();
        var (listener, speaker) = (bench.Connect(1), bench.Connect(2, dtls: shortTags));
        var packet = speaker.Frame(new byte[IDatagramSocket.MaxDatagram - 20 - 10]);
        Assert.That(packet, Has.Length.EqualTo(IDatagramSocket.MaxDatagram));

        speaker.Send(packet);
        Assert.That(bench.Turn, Throws.Nothing);

        Assert.That(listener.Heard, Is.Empty);
        Assert.That(bench.Drops[DropReason.RtpMalformed], Is.EqualTo(1));
    }
}
