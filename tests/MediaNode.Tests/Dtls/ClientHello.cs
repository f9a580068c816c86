using System.Buffers.Binary;

namespace Hype.MediaNode.Tests.Dtls;

/// <summary>
/// Splits a ClientHello into two datagrams, as Chromium does with post-quantum key shares (RFC 6347 §4.2.3).
/// <code>
///  record:    type(1) version(2) epoch(2) sequence(6) length(2)
///  handshake: type(1) length(3) message(2) fragment offset(3) fragment length(3)
/// </code>
/// </summary>
internal static class ClientHello
{
    private const int RecordHeader = 13;
    private const int HandshakeHeader = 12;

    // A number that the client does not use, inside the replay window of the following records.
    private const byte SecondRecord = 40;

    public static (byte[] First, byte[] Second) Cut(byte[] hello)
    {
        var body = hello.AsSpan(RecordHeader + HandshakeHeader);
        var middle = body.Length / 2;
        var second = Fragment(hello, middle, body[middle..]);
        second[10] = SecondRecord;
        return (Fragment(hello, 0, body[..middle]), second);
    }

    private static byte[] Fragment(byte[] hello, int offset, ReadOnlySpan<byte> part)
    {
        var record = new byte[RecordHeader + HandshakeHeader + part.Length];
        hello.AsSpan(0, RecordHeader + HandshakeHeader).CopyTo(record);
        BinaryPrimitives.WriteUInt16BigEndian(record.AsSpan(11), (ushort)(HandshakeHeader + part.Length));
        WriteUInt24(record.AsSpan(19), offset);
        WriteUInt24(record.AsSpan(22), part.Length);
        part.CopyTo(record.AsSpan(RecordHeader + HandshakeHeader));
        return record;
    }

    private static void WriteUInt24(Span<byte> destination, int value)
    {
        destination[0] = (byte)(value >> 16);
        BinaryPrimitives.WriteUInt16BigEndian(destination[1..], (ushort)value);
    }
}
