using System.Buffers.Binary;
using Hype.MediaNode.Rtp;

namespace Hype.MediaNode.Rtcp;

/// <summary>
/// Appends packets to an RTCP compound (RFC 3550 §6.1). If a packet does not fit, the method writes nothing and returns false. The static
/// methods at the end write the two kinds of compounds that a node sends.
/// </summary>
internal ref struct RtcpWriter(Span<byte> destination)
{
    /// <summary>The maximum number of sources in one SDES.</summary>
    private const int MaxCount = 31;

    private const byte CanonicalName = 1;

    private readonly Span<byte> _destination = destination;

    public int Length { get; private set; }

    /// <summary>Appends a sender report (SR) without report blocks.</summary>
    public bool TrySenderReport(in SenderReport report)
    {
        if (!TryBegin(RtcpPacketType.SenderReport, 0, SenderReport.Length, out var body))
            return false;
        report.Write(body);
        return true;
    }

    /// <summary>Appends a receiver report (RR) with one report block.</summary>
    public bool TryReceiverReport(Ssrc reporter, in ReportBlock block)
    {
        if (!TryBegin(RtcpPacketType.ReceiverReport, 1, 4 + ReportBlock.Length, out var body))
            return false;
        reporter.Write(body);
        block.Write(body[4..]);
        return true;
    }

    /// <summary>Appends a source description (SDES) with the CNAME of one source.</summary>
    /// <param name="name">Up to 255 bytes of UTF-8.</param>
    public bool TrySourceDescription(Ssrc ssrc, ReadOnlySpan<byte> name)
    {
        if (!TryBegin(RtcpPacketType.SourceDescription, 1, ChunkLength(name), out var body))
            return false;
        WriteChunk(body, ssrc, name);
        return true;
    }

    /// <summary>
    /// Writes the compound that reports to a publisher how the node receives the publisher's stream. Returns the length, or 0 if
    /// <paramref name="destination"/> is too small.
    /// </summary>
    public static int WriteReceiverReport(Span<byte> destination, Ssrc reporter, in ReportBlock block, ReadOnlySpan<byte> name)
    {
        var writer = new RtcpWriter(destination);
        return writer.TryReceiverReport(reporter, block) && writer.TrySourceDescription(reporter, name) ? writer.Length : 0;
    }

    /// <summary>
    /// Writes a compound of sender reports to a receiver: an SR for each slot, then one SDES that assigns all slots the same CNAME. It
    /// contains as many reports as fit; the caller repeats the call for the others.
    /// </summary>
    /// <returns>The length, or 0 if not even one report fits.</returns>
    public static int WriteSenderReports(
        Span<byte> destination, ReadOnlySpan<SenderReport> reports, ReadOnlySpan<byte> name, out int reportsWritten)
    {
        var perReport = RtcpCompound.HeaderLength + SenderReport.Length + ChunkLength(name);
        var fitting = (destination.Length - RtcpCompound.HeaderLength) / perReport;
        reportsWritten = Math.Clamp(fitting, 0, Math.Min(reports.Length, MaxCount));
        if (reportsWritten == 0)
            return 0;
        var writer = new RtcpWriter(destination);
        foreach (ref readonly var report in reports[..reportsWritten])
            writer.TrySenderReport(in report);

        writer.TryBegin(RtcpPacketType.SourceDescription, reportsWritten, reportsWritten * ChunkLength(name), out var body);
        foreach (ref readonly var report in reports[..reportsWritten])
        {
            WriteChunk(body, report.Ssrc, name);
            body = body[ChunkLength(name)..];
        }

        return writer.Length;
    }

    /// <summary>
    /// Returns the length of the SDES chunk for a CNAME, in bytes.
    /// <code>
    ///  |            SSRC               | CNAME=1 | length | name ... | at least one 0, up to a 32-bit border |
    /// </code>
    /// </summary>
    private static int ChunkLength(ReadOnlySpan<byte> name)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(name.Length, byte.MaxValue);
        return (4 + 2 + name.Length + 4) & ~3;
    }

    private static void WriteChunk(Span<byte> destination, Ssrc ssrc, ReadOnlySpan<byte> name)
    {
        var chunk = destination[..ChunkLength(name)];
        chunk.Clear();
        ssrc.Write(chunk);
        chunk[4] = CanonicalName;
        chunk[5] = (byte)name.Length;
        name.CopyTo(chunk[6..]);
    }

    private bool TryBegin(RtcpPacketType type, int count, int bodyLength, out Span<byte> body)
    {
        body = default;
        var length = RtcpCompound.HeaderLength + bodyLength;
        if (_destination.Length - Length < length)
            return false;
        var packet = _destination.Slice(Length, length);
        packet[0] = (byte)(0x80 | count);
        packet[1] = (byte)type;
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], (ushort)((length / 4) - 1));
        Length += length;
        body = packet[RtcpCompound.HeaderLength..];
        return true;
    }
}
