using System.Buffers.Binary;
using Hype.MediaClient;
using Hype.MediaNode.Stun;
using Hype.MediaNode.Tests.Net;
using Hype.Testing.Vectors;

namespace Hype.MediaNode.Tests.Stun;

public sealed class StunMessageTests
{
    [Test]
    public void STUN_attributes_after_MESSAGE_INTEGRITY_are_ignored()
    {
        byte[] message = [.. Header(24 + 4), .. Attribute(0x0008, new byte[20]), .. Attribute(0x0025, [])];

        Assert.That(StunMessage.TryParse(message, out var parsed), Is.True);
        Assert.That(parsed.HasMessageIntegrity, Is.True);
        Assert.That(parsed.HasUseCandidate, Is.False);
    }

    [Test]
    public void First_of_two_STUN_attributes_of_the_same_type_is_used()
    {
        byte[] message = [.. Header(16), .. Attribute(0x0024, [0, 0, 0, 1]), .. Attribute(0x0024, [0, 0, 0, 2])];

        Assert.That(StunMessage.TryParse(message, out var parsed), Is.True);
        Assert.That(parsed.Priority, Is.EqualTo(1));
    }

    [Test]
    public void Unknown_comprehension_required_STUN_attributes_are_listed()
    {
        byte[] message =
            [
                .. Header(20),
                .. Attribute(0x7001, []),
                .. Attribute(0xC057, [1, 2, 3, 4]),
                .. Attribute(0x7002, []),
                .. Attribute(0x7001, [])];

        Assert.That(StunMessage.TryParse(message, out var parsed), Is.True);
        Span<ushort> unknown = stackalloc ushort[8];
        var listed = unknown[..parsed.CopyUnknownRequired(unknown)].ToArray();
        Assert.That(parsed.HasUnknownRequired, Is.True);
        Assert.That(listed, Is.EqualTo(new ushort[] { 0x7001, 0x7002 }));
    }

    [Test]
    public void Username_without_a_colon_is_not_an_ICE_username()
    {
        byte[] message = [.. Header(8), .. Attribute(0x0006, "abcd"u8)];

        Assert.That(StunMessage.TryParse(message, out var parsed), Is.True);
        Assert.That(parsed.HasUsername, Is.True);
        Assert.That(parsed.TryGetUsername(out _, out _), Is.False);
    }

    [Test]
    public void STUN_message_without_MESSAGE_INTEGRITY_is_not_authenticated()
    {
        Assert.That(StunMessage.TryParse(Header(0), out var parsed), Is.True);
        Assert.That(parsed.VerifyIntegrity(default), Is.False);
    }

    [TestCase(0x0001, StunClass.Request)]
    [TestCase(0x0011, StunClass.Indication)]
    [TestCase(0x0101, StunClass.SuccessResponse)]
    [TestCase(0x0111, StunClass.ErrorResponse)]
    public void STUN_class_is_read_from_two_bits_of_the_message_type(int type, object expected)
    {
        var message = Header(0);
        BinaryPrimitives.WriteUInt16BigEndian(message, (ushort)type);

        Assert.That(StunMessage.TryParse(message, out var parsed), Is.True);
        Assert.That(parsed.Class, Is.EqualTo(expected));
        Assert.That(parsed.Method, Is.EqualTo(StunMethod.Binding));
    }

    [Test]
    public void STUN_message_with_a_wrong_length_or_cookie_or_attribute_length_does_not_parse()
    {
        byte[][] messages =
        [
            [],
            Header(0)[..19],
            Header(4),
            [.. Header(0), 0],
            [.. Header(2), 0, 0],
            [.. Header(4), 0, 6, 0, 1],
            [.. Header(8), 0, 6, 0xFF, 0xFF, 0, 0, 0, 0],
            [.. Header(8), 0, 0x24, 0, 3, 0, 0, 0, 0],
            [.. Header(8), 0, 8, 0, 4, 0, 0, 0, 0],
            WithByte(Header(0), 0, 0x40),
            WithByte(Header(0), 4, 0x22),
            new byte[StunMessage.MaxLength + 4],
        ];

        foreach (var message in messages)
            Assert.That(StunMessage.TryParse(message, out _), Is.False, Convert.ToHexString(message));
    }

    [Test]
    public void Hostile_datagrams_are_parsed_without_an_exception_or_an_allocation()
    {
        var mutator = new DatagramMutator(5389, Rfc5769.Request, Rfc5769.ResponseIPv4, Rfc5769.ResponseIPv6, NakedRequest());
        var parsed = 0;
        var address = new byte[16];
        var unknown = new ushort[8];

        var allocated = Allocations.Of(
            () =>
            {
                if (!StunMessage.TryParse(mutator.Next(), out var message))
                    return;
                parsed++;
                message.TryGetUsername(out _, out _);
                message.TryGetMappedAddress(address, out _, out _);
                message.CopyUnknownRequired(unknown);
                message.VerifyIntegrity("VOkJxbRl1RmTxUk/WvJxBt"u8);
            },
            DatagramMutator.Count);

        Assert.That(allocated, Is.Zero);
        Assert.That(parsed, Is.GreaterThan(2_000), "enough mutations still parse to test the deeper parsers");
    }

    /// <summary>
    /// Returns a STUN request without MESSAGE-INTEGRITY and FINGERPRINT, so that a test can change bytes without a wrong checksum.
    /// </summary>
    private static byte[] NakedRequest()
    {
        byte[] attributes =
        [
            .. Attribute(0x0006, "local:remote"u8), .. Attribute(0x0024, [1, 2, 3, 4]), .. Attribute(0x802A, new byte[8]),
            .. Attribute(
                0x0025, []), .. Attribute(0x0020, [0, 1, 2, 3, 4, 5, 6, 7]), .. Attribute(0x7001, []), .. Attribute(0x8022, "soft"u8),
        ];
        return [.. Header(attributes.Length), .. attributes];
    }

    private static byte[] Header(int length)
    {
        var header = new byte[StunMessage.HeaderLength];
        BinaryPrimitives.WriteUInt16BigEndian(header, 0x0001);
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(2), (ushort)length);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(4), StunMessage.MagicCookie);
        return header;
    }

    private static byte[] Attribute(ushort type, ReadOnlySpan<byte> value)
    {
        var attribute = new byte[4 + ((value.Length + 3) & ~3)];
        BinaryPrimitives.WriteUInt16BigEndian(attribute, type);
        BinaryPrimitives.WriteUInt16BigEndian(attribute.AsSpan(2), (ushort)value.Length);
        value.CopyTo(attribute.AsSpan(4));
        return attribute;
    }

    private static byte[] WithByte(byte[] message, int at, byte value)
    {
        message[at] = value;
        return message;
    }
}
