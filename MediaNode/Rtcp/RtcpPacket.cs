namespace Hype.MediaNode.Rtcp;

/// <summary>
/// One packet of an RTCP compound, without padding. Each read method checks that the packet is as long as the packet's count field
/// requires.
/// </summary>
internal readonly ref struct RtcpPacket(ReadOnlySpan<byte> packet)
{
    private readonly ReadOnlySpan<byte> _packet = packet;

    public RtcpPacketType Type => (RtcpPacketType)_packet[1];

    /// <summary>The count field, 0–31: the number of report blocks or sources or, for feedback packets, the message type (FMT).</summary>
    public int Count => _packet[0] & 0x1F;

    /// <summary>The packet without its four-byte header.</summary>
    public ReadOnlySpan<byte> Body => _packet[RtcpCompound.HeaderLength..];

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
