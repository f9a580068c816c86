using CsCheck;
using Hype.MediaClient;
using Hype.MediaNode.Rtp;
using Hype.MediaNode.Speakers;
using Hype.MediaNode.Tests.Net;

namespace Hype.MediaNode.Tests.Rtp;

public sealed class RtpHeaderTests
{
    [Test]
    public void Every_RTP_header_field_is_read_from_its_offset_in_RFC_3550()
    {
        byte[] packet =
        [
            0xB2, 0xEF, 0x12, 0x34, 0xDE, 0xCA, 0xFB, 0xAD, 0xCA, 0xFE, 0xBA, 0xBE, 0, 0, 0, 7, 0, 0, 0, 8,
            0xBE, 0xDE, 0x00, 0x01, 0x10, 0x85, 0x00, 0x00, 0x01, 0x02, 0x03, 0x01,
        ];

        Assert.That(RtpHeader.TryParse(packet, out var header), Is.True);
        Assert.That(header.HasPadding, Is.True);
        Assert.That(header.HasExtension, Is.True);
        Assert.That(header.CsrcCount, Is.EqualTo(2));
        Assert.That(header.TryGetSpeaker(out _), Is.False, "two CSRCs");
        Assert.That(header.Marker, Is.True);
        Assert.That(header.PayloadType, Is.EqualTo(111));
        Assert.That(header.SequenceNumber.Value, Is.EqualTo(0x1234));
        Assert.That(header.Timestamp, Is.EqualTo(0xDECAFBAD));
        Assert.That(header.Ssrc.Value, Is.EqualTo(0xCAFEBABE));
        Assert.That(header.ExtensionOffset, Is.EqualTo(20));
        Assert.That(header.HeaderLength, Is.EqualTo(28));
        Assert.That(header.TryGetPayload(packet, out var payload), Is.True);
        Assert.That(payload.ToArray(), Is.EqualTo(new byte[] { 1, 2, 3 }));
    }

    [Test]
    public void RTP_header_that_claims_more_bytes_than_the_datagram_has_does_not_parse()
    {
        byte[][] packets =
        [
            [],
            RtpPackets.Plain()[..11],
            [0x40, .. RtpPackets.Plain()[1..]],
            [0x8F, .. RtpPackets.Plain(payloadLength: 59)[1..]],
            [0x90, .. RtpPackets.Plain(payloadLength: 3)[1..]],
            RtpPackets.WithExtension(0xBEDE, new byte[8])[..23],
        ];

        foreach (var packet in packets)
            Assert.That(RtpHeader.TryParse(packet, out _), Is.False, Convert.ToHexString(packet));
    }

    [TestCase(0)]
    [TestCase(4)]
    public void Packet_with_invalid_padding_has_no_payload(byte padding)
    {
        byte[] packet = [.. RtpPackets.Plain(payloadLength: 0), 1, 2, padding];
        packet[0] |= 0x20;

        Assert.That(RtpHeader.TryParse(packet, out var header), Is.True);
        Assert.That(header.TryGetPayload(packet, out _), Is.False);
    }

    [Test]
    public void Extension_elements_in_the_one_byte_form_are_found_among_padding_and_other_elements()
    {
        var packet = RtpPackets.WithExtension(0xBEDE, [0x00, 0x32, 1, 2, 3, 0x00, 0x10, 0x85, 0xE0, 9], csrcs: [5]);

        Assert.That(RtpHeader.TryParse(packet, out var header), Is.True);
        Assert.That(Find(header, 3), Is.EqualTo(new byte[] { 1, 2, 3 }));
        Assert.That(Find(header, 1), Is.EqualTo(new byte[] { 0x85 }));
        Assert.That(Find(header, 14), Is.EqualTo(new byte[] { 9 }));
        Assert.That(Find(header, 2), Is.Null);
        Assert.That(Find(header, 0), Is.Null);
    }

    [Test]
    public void Element_with_id_15_ends_the_one_byte_form_of_a_header_extension()
    {
        var packet = RtpPackets.WithExtension(0xBEDE, [0xF0, 1, 0x10, 2]);

        Assert.That(RtpHeader.TryParse(packet, out var header), Is.True);
        Assert.That(Find(header, 1), Is.Null);
        Assert.That(Find(header, 15), Is.Null);
    }

    [Test]
    public void Extension_elements_in_the_two_byte_form_are_found_even_if_empty()
    {
        var packet = RtpPackets.WithExtension(0x1005, [0x00, 200, 0, 1, 2, 0x7F, 0x80, 0x00]);

        Assert.That(RtpHeader.TryParse(packet, out var header), Is.True);
        Assert.That(Find(header, 200), Is.Empty);
        Assert.That(Find(header, 1), Is.EqualTo(new byte[] { 0x7F, 0x80 }));
        Assert.That(Find(header, 2), Is.Null);
    }

    [Test]
    public void Extension_element_longer_than_the_extension_is_not_found()
    {
        Assert.That(RtpHeader.TryParse(RtpPackets.WithExtension(0xBEDE, [0x1F, 1, 2, 3]), out var oneByte), Is.True);
        Assert.That(RtpHeader.TryParse(RtpPackets.WithExtension(0x1000, [1, 3, 1, 2]), out var twoByte), Is.True);
        Assert.That(RtpHeader.TryParse(RtpPackets.WithExtension(0x1234, [0x10, 1, 0, 0]), out var other), Is.True);

        Assert.That(Find(oneByte, 1), Is.Null);
        Assert.That(Find(twoByte, 1), Is.Null);
        Assert.That(Find(other, 1), Is.Null);
    }

    [Test]
    public void Audio_level_is_read_from_its_extension_element()
    {
        Assert.That(RtpHeader.TryParse(RtpPackets.WithLevel(35, voice: true), out var header), Is.True);
        Assert.That(AudioLevel.TryRead(header, 1, out var level, out var voice), Is.True);
        Assert.That((level, voice), Is.EqualTo(((byte)35, true)));

        Assert.That(RtpHeader.TryParse(RtpPackets.Plain(), out var without), Is.True);
        Assert.That(AudioLevel.TryRead(without, 1, out level, out voice), Is.False);
        Assert.That((level, voice), Is.EqualTo((AudioLevel.Silence, false)));
    }

    [Test]
    public void Forwarded_header_has_one_csrc_and_the_publishers_extension()
    {
        Gen.Select(Gen.UInt.Array[0, 15], Gen.Byte.Array[0, 40], Gen.Bool, Gen.UShort, Gen.UInt, Gen.UInt)
            .Sample((csrcs, body, marker, sequenceNumber, timestamp, ssrc) =>
            {
                var packet = RtpPackets.WithExtension(0xBEDE, body, csrcs: csrcs);
                RtpHeader.TryParse(packet, out var source);
                var destination = new byte[packet.Length + RtpHeaderWriter.MaxForwardedGrowth];

                var length = RtpHeaderWriter.WriteForwardedHeader(
                    destination, source, packet, marker, new SequenceNumber(sequenceNumber), timestamp, new Ssrc(ssrc),
                    new MemberNumber(17));

                return RtpHeader.TryParse(destination.AsSpan(0, length), out var header)
                    && header.HeaderLength == length
                    && header.TryGetSpeaker(out var speaker) && speaker == new MemberNumber(17)
                    && header.Marker == marker && header.PayloadType == source.PayloadType
                    && header.SequenceNumber.Value == sequenceNumber && header.Timestamp == timestamp && header.Ssrc.Value == ssrc
                    && destination.AsSpan(16, length - 16).SequenceEqual(packet.AsSpan(source.ExtensionOffset..source.HeaderLength));
            });
    }

    [TestCase(new uint[0], ExpectedResult = 0)]
    [TestCase(new uint[] { 0 }, ExpectedResult = 0)]
    [TestCase(new uint[] { 17 }, ExpectedResult = 17)]
    [TestCase(new uint[] { 17, 18 }, ExpectedResult = 0)]
    public int Speaker_is_read_from_the_CSRC_only_if_a_packet_has_exactly_one_CSRC(uint[] csrcs)
    {
        RtpHeader.TryParse(RtpPackets.WithExtension(0xBEDE, [], csrcs: csrcs), out var header);

        Assert.That(header.TryGetSpeaker(out var speaker), Is.EqualTo(speaker != MemberNumber.None));
        return (int)speaker.Value;
    }

    [Test]
    public void Forwarded_header_preserves_the_padding_bit()
    {
        var packet = RtpPackets.Plain();
        packet[0] |= 0x20;
        var destination = new byte[packet.Length];
        RtpHeader.TryParse(packet, out var source);

        RtpHeaderWriter.WriteForwardedHeader(
            destination, source, packet, marker: false, new SequenceNumber(1), 2, new Ssrc(3), new MemberNumber(4));

        Assert.That(destination[0], Is.EqualTo(0xA1));
    }

    [Test]
    public void Hostile_datagrams_are_parsed_without_an_exception_or_an_allocation()
    {
        var mutator = new DatagramMutator(
            3550,
            RtpPackets.Plain(),
            RtpPackets.WithLevel(20, voice: true),
            RtpPackets.WithExtension(0xBEDE, [0x00, 0x32, 1, 2, 3, 0x00, 0x10, 0x85], csrcs: [5, 6]),
            RtpPackets.WithExtension(0x1000, [1, 2, 3, 4, 0, 2, 1, 9]));
        var parsed = 0;
        var found = 0;
        var destination = new byte[2048];

        var allocated = Allocations.Of(
            () =>
            {
                var datagram = mutator.Next();
                if (!RtpHeader.TryParse(datagram, out var header))
                    return;
                parsed++;
                for (byte id = 0; id < 16; id++)
                {
                    if (header.TryGetExtension(id, out _))
                        found++;
                }

                header.TryGetPayload(datagram, out _);
                RtpHeaderWriter.WriteForwardedHeader(
                    destination, header, datagram, true, new SequenceNumber(1), 2, new Ssrc(3), new MemberNumber(4));
            },
            DatagramMutator.Count);

        Assert.That(allocated, Is.Zero);
        Assert.That(parsed, Is.GreaterThan(10_000));
        Assert.That(found, Is.GreaterThan(10_000));
    }

    private static byte[]? Find(scoped in RtpHeader header, byte id) => header.TryGetExtension(id, out var value) ? value.ToArray() : null;
}
