using CsCheck;
using Hype.MediaClient;
using Hype.MediaNode.Rtp;
using Hype.MediaNode.Srtp;
using Hype.MediaNode.Tests.Net;
using Hype.MediaNode.Tests.Rtp;

namespace Hype.MediaNode.Tests.Srtp;

[TestFixtureSource(typeof(SrtpPair), nameof(SrtpPair.Profiles))]
public sealed class SrtpSessionTests
{
    private readonly SrtpProfile _profile;
    private SrtpPair _pair = null!;

    public SrtpSessionTests(object profile) => _profile = (SrtpProfile)profile;

    [SetUp]
    public void Connect() => _pair = new SrtpPair(_profile);

    [TearDown]
    public void Disconnect() => _pair.Dispose();

    [Test]
    public void Encrypted_packet_is_decrypted_to_the_original() =>
        Gen.Select(Gen.Byte.Array[0, 1200], Gen.Byte.Array[0, 20]).Sample(
            (payload, extension) =>
            {
                using var pair = new SrtpPair(_profile);
                var header = RtpPackets.WithExtension(0xBEDE, extension);
                RtpHeader.TryParse(header, out var parsed);
                var packet = new byte[parsed.HeaderLength + payload.Length + pair.Sender.RtpExpansion];
                header.AsSpan(0, parsed.HeaderLength).CopyTo(packet);
                var sent = pair.Sender.Protect(packet, parsed.HeaderLength, payload);

                return sent == packet.Length
                    && pair.Receiver.TryUnprotect(packet, out var length) == SrtpResult.Ok
                    && length == parsed.HeaderLength + payload.Length
                    && packet.AsSpan(0, parsed.HeaderLength).SequenceEqual(header.AsSpan(0, parsed.HeaderLength))
                    && packet.AsSpan(parsed.HeaderLength, payload.Length).SequenceEqual(payload);
            },
            iter: 300);

    [Test]
    public void Rollover_counter_follows_the_sequence_numbers_on_both_sides()
    {
        const int rounds = 3;
        for (var i = 0; i < rounds * 0x10000; i += 0x1000)
            Assert.That(_pair.Receive(_pair.Protect((ushort)(0x7000 + i))!), Is.EqualTo(SrtpResult.Ok), $"step {i:X}");

        Assert.That(_pair.Sender.TryGetHighestIndex(new Ssrc(SrtpPair.Ssrc), out var sent), Is.True);
        Assert.That(_pair.Receiver.TryGetHighestIndex(new Ssrc(SrtpPair.Ssrc), out var received), Is.True);
        Assert.That(sent.Value, Is.EqualTo(0x7000 + (rounds * 0x10000) - 0x1000));
        Assert.That(received, Is.EqualTo(sent));
    }

    [Test]
    public void Packets_may_be_reordered_at_the_wrap_of_the_sequence_numbers()
    {
        ushort[] sending = [65533, 65535, 0, 65534, 2, 1];
        var packets = sending.Select(number => _pair.Protect(number)!).ToArray();
        int[] arriving = [0, 2, 1, 4, 3, 5];

        foreach (var i in arriving)
            Assert.That(_pair.Receive(packets[i]), Is.EqualTo(SrtpResult.Ok), $"sequence number {sending[i]}");
    }

    [Test]
    public void Packet_received_twice_is_accepted_once()
    {
        var packet = _pair.Protect(7)!;

        Assert.That(_pair.Receive(packet), Is.EqualTo(SrtpResult.Ok));
        Assert.That(_pair.Receive(packet), Is.EqualTo(SrtpResult.Replayed));
    }

    [Test]
    public void Packet_below_the_replay_window_is_refused_as_too_old()
    {
        var late = _pair.Protect(1000)!;
        var justInTime = _pair.Protect(1001)!;
        Assert.That(_pair.Receive(_pair.Protect(1000 + ReplayWindow.Size)!), Is.EqualTo(SrtpResult.Ok));

        Assert.That(_pair.Receive(late), Is.EqualTo(SrtpResult.TooOld));
        Assert.That(_pair.Receive(justInTime), Is.EqualTo(SrtpResult.Ok));
    }

    [Test]
    public void Sequence_number_before_that_of_the_first_packet_of_a_stream_is_refused()
    {
        Assert.That(_pair.Receive(_pair.Protect(5)!), Is.EqualTo(SrtpResult.Ok));

        Assert.That(_pair.Receive(RtpPackets.Plain(65530)), Is.EqualTo(SrtpResult.TooOld));
        Assert.That(_pair.Protect(65530), Is.Null);
    }

    [Test]
    public void Damaged_packet_is_refused_and_the_intact_packet_is_then_accepted()
    {
        Assert.That(_pair.Receive(_pair.Protect(1)!), Is.EqualTo(SrtpResult.Ok));
        var packet = _pair.Protect(2)!;
        for (var at = 0; at < packet.Length; at++)
        {
            var damaged = (byte[])packet.Clone();
            damaged[at] ^= 0x10;
            Assert.That(_pair.Receive(damaged), Is.Not.EqualTo(SrtpResult.Ok), $"byte {at}");
        }

        Assert.That(_pair.Receive(packet), Is.EqualTo(SrtpResult.Ok));
        Assert.That(_pair.Receiver.TryGetHighestIndex(new Ssrc(SrtpPair.Ssrc), out var index) ? index.Value : -1, Is.EqualTo(2));
    }

    [Test]
    public void Number_of_SSRCs_is_limited_and_SSRCs_of_forged_packets_do_not_count()
    {
        for (uint ssrc = 1; ssrc <= 100; ssrc++)
        {
            var forged = _pair.Protect(1, ssrc)!;
            forged[^1] ^= 1;
            Assert.That(_pair.Receive(forged), Is.EqualTo(SrtpResult.AuthenticationFailed));
        }

        for (uint ssrc = 1001; ssrc <= 1004; ssrc++)
            Assert.That(_pair.Receive(_pair.Protect(1, ssrc)!), Is.EqualTo(SrtpResult.Ok));
        Assert.That(_pair.Receive(_pair.Protect(1, 1005)!), Is.EqualTo(SrtpResult.TooManySsrcs));
        Assert.That(_pair.Receive(_pair.Protect(2, 1004)!), Is.EqualTo(SrtpResult.Ok));
    }

    [Test]
    public void Packet_too_short_for_a_header_and_a_tag_is_refused_as_too_short()
    {
        Assert.That(_pair.Receive([]), Is.EqualTo(SrtpResult.TooShort));
        Assert.That(_pair.Receive(RtpPackets.Plain(payloadLength: _pair.Sender.RtpExpansion - 1)), Is.EqualTo(SrtpResult.TooShort));
        Assert.That(_pair.ReceiveRtcp(new byte[7]), Is.EqualTo(SrtpResult.TooShort));
        Assert.That(_pair.ReceiveRtcp(_pair.ProtectRtcp(words: 1)[1..]), Is.EqualTo(SrtpResult.TooShort));
    }

    [Test]
    public void Sender_refuses_a_used_SRTP_index_and_an_SRTP_index_below_the_replay_window()
    {
        Assert.That(_pair.Protect(100), Is.Not.Null);
        Assert.That(_pair.Protect(100), Is.Null);
        Assert.That(_pair.Protect(300), Is.Not.Null);
        Assert.That(_pair.Protect(299), Is.Not.Null);
        Assert.That(_pair.Protect(299), Is.Null);
        Assert.That(_pair.Protect(300 - ReplayWindow.Size), Is.Null);
        Assert.That(_pair.Protect(100, ssrc: 9), Is.Not.Null, "another SSRC has indices of its own");
    }

    [Test]
    public void Sender_uses_no_SRTP_index_twice_for_any_order_of_sequence_numbers() =>
        Gen.UShort[0, 400].Array[0, 300].Select(Gen.UShort).Sample(
            (steps, start) =>
            {
                using var pair = new SrtpPair(_profile);
                var seen = new HashSet<string>();
                return steps.All(step =>
                {
                    var packet = pair.Protect((ushort)(start + step));
                    return packet is null || seen.Add(Convert.ToHexString(packet));
                });
            },
            iter: 100);

    [Test]
    public void Revived_sender_starts_at_the_index_limit_and_sends_nothing_below_the_index_limit()
    {
        Assert.That(_pair.Receive(_pair.Protect(0x7000)!), Is.EqualTo(SrtpResult.Ok));
        Assert.That(_pair.Receive(_pair.Protect(0xE000)!), Is.EqualTo(SrtpResult.Ok));
        Assert.That(_pair.Receive(_pair.Protect(0x0010)!), Is.EqualTo(SrtpResult.Ok));
        Assert.That(_pair.Sender.TryGetHighestIndex(new Ssrc(SrtpPair.Ssrc), out var highest), Is.True);

        using var revived = _pair.NewSender();
        var bound = highest + 0x4000;
        revived.StartAt(new Ssrc(SrtpPair.Ssrc), bound);

        Assert.That(_pair.Protect((bound - 1).SequenceNumber.Value, sender: revived), Is.Null);
        Assert.That(_pair.Receive(_pair.Protect(bound.SequenceNumber.Value, sender: revived)!), Is.EqualTo(SrtpResult.Ok));
        Assert.That(_pair.Protect(bound.SequenceNumber.Value, sender: revived), Is.Null);
        Assert.That(_pair.Receive(_pair.Protect((bound + 1).SequenceNumber.Value, sender: revived)!), Is.EqualTo(SrtpResult.Ok));
        Assert.That(() => revived.StartAt(new Ssrc(SrtpPair.Ssrc), bound), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Sender_refuses_packets_after_the_last_index_of_a_key()
    {
        _pair.Sender.StartAt(new Ssrc(SrtpPair.Ssrc), SrtpIndex.Max);
        _pair.Sender.StartRtcpAt(SrtpIndex.MaxRtcp);
        var control = new byte[100];

        Assert.That(_pair.Protect(0xFFFF), Is.Not.Null);
        Assert.That(_pair.Protect(0), Is.Null);
        Assert.That(_pair.Sender.ProtectRtcp(control, SrtpPair.ReceiverReport()), Is.Not.EqualTo(SrtpSender.Refused));
        Assert.That(_pair.Sender.ProtectRtcp(control, SrtpPair.ReceiverReport()), Is.EqualTo(SrtpSender.Refused));
    }

    [Test]
    public void SRTCP_packet_is_accepted_once_and_a_damaged_SRTCP_packet_is_refused()
    {
        var packets = Enumerable.Range(0, 5).Select(_ => _pair.ProtectRtcp()).ToArray();

        foreach (var i in new[] { 1, 0, 4 })
            Assert.That(_pair.ReceiveRtcp(packets[i]), Is.EqualTo(SrtpResult.Ok));
        Assert.That(_pair.ReceiveRtcp(packets[0]), Is.EqualTo(SrtpResult.Replayed));
        for (var at = 0; at < packets[3].Length; at++)
        {
            var damaged = (byte[])packets[3].Clone();
            damaged[at] ^= 0x40;
            Assert.That(_pair.ReceiveRtcp(damaged), Is.Not.EqualTo(SrtpResult.Ok), $"byte {at}");
        }

        var received = (byte[])packets[3].Clone();
        Assert.That(_pair.Receiver.TryUnprotectRtcp(received, out var length), Is.EqualTo(SrtpResult.Ok));
        Assert.That(received[..length], Is.EqualTo(SrtpPair.ReceiverReport()));
    }

    [Test]
    public void SRTCP_packet_below_the_replay_window_is_too_old_and_the_number_of_SSRCs_is_limited()
    {
        var late = _pair.ProtectRtcp();
        for (var i = 0; i < ReplayWindow.Size; i++)
            Assert.That(_pair.ReceiveRtcp(_pair.ProtectRtcp()), Is.EqualTo(SrtpResult.Ok));

        Assert.That(_pair.ReceiveRtcp(late), Is.EqualTo(SrtpResult.TooOld));
        for (uint ssrc = 1; ssrc <= 3; ssrc++)
            Assert.That(_pair.ReceiveRtcp(_pair.ProtectRtcp(ssrc)), Is.EqualTo(SrtpResult.Ok));
        Assert.That(_pair.ReceiveRtcp(_pair.ProtectRtcp(4)), Is.EqualTo(SrtpResult.TooManySsrcs));
    }

    [Test]
    public void Encrypting_and_decrypting_ten_thousand_packets_allocates_nothing()
    {
        var payload = new byte[104];
        var packet = new byte[256];
        var control = new byte[128];
        var report = SrtpPair.ReceiverReport();
        ushort number = 0;
        var failures = 0;

        var allocated = Allocations.Of(
            () =>
            {
                RtpHeaderWriter.Write(packet, RtpPackets.Opus, false, new SequenceNumber(number++), 0, new Ssrc(SrtpPair.Ssrc));
                var length = _pair.Sender.Protect(packet, RtpHeader.FixedLength, payload);
                packet[length - 1] ^= 1;
                if (_pair.Receiver.TryUnprotect(packet.AsSpan(0, length), out _) != SrtpResult.AuthenticationFailed)
                    failures++;

                RtpHeaderWriter.Write(packet, RtpPackets.Opus, false, new SequenceNumber(number++), 0, new Ssrc(SrtpPair.Ssrc));
                length = _pair.Sender.Protect(packet, RtpHeader.FixedLength, payload);
                if (_pair.Receiver.TryUnprotect(packet.AsSpan(0, length), out _) != SrtpResult.Ok)
                    failures++;

                length = _pair.Sender.ProtectRtcp(control, report);
                if (_pair.Receiver.TryUnprotectRtcp(control.AsSpan(0, length), out _) != SrtpResult.Ok)
                    failures++;
            },
            10_000);

        Assert.That(failures, Is.Zero);
        Assert.That(allocated, Is.Zero);
    }

    [Test]
    public void Hostile_packets_are_refused_without_an_exception_or_an_allocation()
    {
        var media = new DatagramMutator(
            3711,
            _pair.Protect(1)!,
            _pair.Protect(2)!,
            RtpPackets.WithLevel(20, voice: true),
            RtpPackets.WithExtension(0x1000, [1, 2, 3, 4]));
        var control = new DatagramMutator(3711, _pair.ProtectRtcp(), _pair.ProtectRtcp(words: 1));
        var results = new int[Enum.GetValues<SrtpResult>().Length];

        var allocated = Allocations.Of(
            () =>
            {
                results[(int)_pair.Receiver.TryUnprotect(media.Next(), out _)]++;
                results[(int)_pair.Receiver.TryUnprotectRtcp(control.Next(), out _)]++;
            },
            DatagramMutator.Count);

        Assert.That(allocated, Is.Zero);
        Assert.That(results[(int)SrtpResult.Ok], Is.LessThanOrEqualTo(4), "only the four packets that were sent are authentic");
        Assert.That(results[(int)SrtpResult.AuthenticationFailed], Is.GreaterThan(50_000));
        Assert.That(results[(int)SrtpResult.TooShort], Is.GreaterThan(1_000));
        Assert.That(_pair.Receive(_pair.Protect(3)!), Is.EqualTo(SrtpResult.Ok), "the pair continues to work");
    }
}
