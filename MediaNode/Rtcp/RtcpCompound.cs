using System.Buffers.Binary;

namespace Hype.MediaNode.Rtcp;

/// <summary>
/// A view of the packets in one decrypted datagram of RTCP: a compound (RFC 3550 §6.1) or a single packet (RFC 5506).
/// <code>
/// |V=2|P| count |      type     |     length in words − 1       |
/// </code>
/// The lengths are checked once for the whole datagram; iterating over the packets cannot fail after that.
/// </summary>
internal readonly ref struct RtcpCompound
{
    public const int HeaderLength = 4;

    private readonly ReadOnlySpan<byte> _datagram;

    private RtcpCompound(ReadOnlySpan<byte> datagram) => _datagram = datagram;

    /// <summary>
    /// Parses a compound and validates it by RFC 3550 A.2: version 2 in every packet, lengths that add up to the datagram's length,
    /// padding on the last packet only. The first packet need not be a report, because browsers send reduced-size RTCP.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> datagram, out RtcpCompound compound)
    {
        compound = default;
        if (datagram.IsEmpty)
            return false;
        var rest = datagram;
        while (!rest.IsEmpty)
        {
            if (rest.Length < HeaderLength || rest[0] >> 6 != 2)
                return false;
            var length = PacketLength(rest);
            if (length > rest.Length)
                return false;
            var hasPadding = (rest[0] & 0x20) != 0;
            if (hasPadding && (length != rest.Length || !IsPaddingSound(rest)))
                return false;
            rest = rest[length..];
        }

        compound = new RtcpCompound(datagram);
        return true;
    }

    public Enumerator GetEnumerator() => new(_datagram);

    private static int PacketLength(ReadOnlySpan<byte> packet) => (BinaryPrimitives.ReadUInt16BigEndian(packet[2..]) + 1) * 4;

    private static bool IsPaddingSound(ReadOnlySpan<byte> last) =>
        last[^1] is var count && count != 0 && count % 4 == 0 && count <= last.Length - HeaderLength;

    public ref struct Enumerator(ReadOnlySpan<byte> rest)
    {
        private ReadOnlySpan<byte> _rest = rest;

        public RtcpPacket Current { get; private set; }

        public bool MoveNext()
        {
            if (_rest.IsEmpty)
                return false;
            var length = PacketLength(_rest);
            var packet = _rest[..length];
            _rest = _rest[length..];
            Current = new RtcpPacket((packet[0] & 0x20) != 0 ? packet[..^packet[^1]] : packet);
            return true;
        }
    }
}
