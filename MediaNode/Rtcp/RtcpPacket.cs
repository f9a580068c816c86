using System.Buffers.Binary;
using Hype.MediaNode.Rtp;

namespace Hype.MediaNode.Rtcp;

/// <summary>
/// One packet of an RTCP compound, without padding. Each read method checks that the packet is as long as the packet's count field
/// requires.
/// </summary>
internal readonly ref struct RtcpPacket(ReadOnlySpan<byte> packet)
{
    private const byte CanonicalName = 1;

    private readonly ReadOnlySpan<byte> _packet = packet;

    public RtcpPacketType Type => (RtcpPacketType)_packet[1];

    /// <summary>The count field, 0–31: the number of report blocks or sources or, for feedback packets, the message type (FMT).</summary>
    public int Count => _packet[0] & 0x1F;

    /// <summary>The packet without its four-byte header.</summary>
    public ReadOnlySpan<byte> Body => _packet[RtcpCompound.HeaderLength..];

    /// <summary>Reads the first SSRC of the packet; false if there is none. Only tests use it.</summary>
    public bool TryGetSsrc(out Ssrc ssrc)
    {
        var found = BinaryPrimitives.TryReadUInt32BigEndian(Body, out var value);
        ssrc = new Ssrc(value);
        return found;
    }

    /// <summary>Reads the sender information of a sender report (SR). Returns false for other packets.</summary>
    public bool TryReadSenderReport(out SenderReport report)
    {
        var sound = Type == RtcpPacketType.SenderReport && Body.Length >= SenderReport.Length;
        report = sound ? SenderReport.Read(Body) : default;
        return sound;
    }

    /// <summary>
    /// Returns the report blocks of an SR or RR; empty if the packet is too short for the number of blocks that it claims.
    /// </summary>
    public ReportBlocks ReadReportBlocks()
    {
        var offset = Type switch
        {
            RtcpPacketType.SenderReport => SenderReport.Length,
            RtcpPacketType.ReceiverReport => 4,
            _ => Body.Length,
        };
        var length = Count * ReportBlock.Length;
        return Body.Length >= offset + length ? new ReportBlocks(Body.Slice(offset, length)) : default;
    }

    /// <summary>Returns true if the packet is a BYE that lists this source (RFC 3550 §6.6). Only tests use it.</summary>
    public bool IsGoodbyeFor(Ssrc ssrc)
    {
        if (Type != RtcpPacketType.Goodbye || Body.Length < Count * 4)
            return false;
        for (var i = 0; i < Count; i++)
        {
            if (Ssrc.Read(Body[(i * 4)..]) == ssrc)
                return true;
        }

        return false;
    }

    /// <summary>Finds the CNAME of a source in an SDES (RFC 3550 §6.5). Only tests use it.</summary>
    public bool TryGetCanonicalName(Ssrc ssrc, out ReadOnlySpan<byte> name)
    {
        name = default;
        if (Type != RtcpPacketType.SourceDescription)
            return false;
        var rest = Body;
        for (var chunk = 0; chunk < Count && rest.Length >= 4; chunk++)
        {
            var isAsked = Ssrc.Read(rest) == ssrc;
            var offset = 4;
            while (offset < rest.Length && rest[offset] != 0)
            {
                if (offset + 2 > rest.Length || offset + 2 + rest[offset + 1] > rest.Length)
                    return false;
                if (isAsked && rest[offset] == CanonicalName)
                {
                    name = rest.Slice(offset + 2, rest[offset + 1]);
                    return true;
                }

                offset += 2 + rest[offset + 1];
            }

            // A chunk ends with at least one zero and on a 32-bit border.
            var next = (offset + 4) & ~3;
            if (isAsked || next > rest.Length)
                return false;
            rest = rest[next..];
        }

        return false;
    }

    /// <summary>An enumeration of the report blocks in one packet, in order.</summary>
    public readonly ref struct ReportBlocks(ReadOnlySpan<byte> blocks)
    {
        private readonly ReadOnlySpan<byte> _blocks = blocks;

        public int Count => _blocks.Length / ReportBlock.Length;

        public ReportBlock this[int index] => ReportBlock.Read(_blocks.Slice(index * ReportBlock.Length, ReportBlock.Length));

        public Enumerator GetEnumerator() => new(this);

        public ref struct Enumerator(ReportBlocks blocks)
        {
            private readonly ReportBlocks _blocks = blocks;
            private int _index = -1;

            public readonly ReportBlock Current => _blocks[_index];

            public bool MoveNext() => ++_index < _blocks.Count;
        }
    }
}
