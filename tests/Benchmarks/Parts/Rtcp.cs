using System.Buffers.Binary;
using BenchmarkDotNet.Attributes;
using Hype.MediaClient;
using Hype.MediaNode.Rooms;
using Hype.MediaNode.Rtcp;
using Hype.MediaNode.Rtp;
using Hype.MediaNode.Srtp;

namespace Hype.Benchmarks.Parts;

/// <summary>
/// Measures the reading of RTCP reports from a hundred members with three slots each, and the writing of reports to them. Each member
/// causes this cost once in two seconds.
/// </summary>
[MemoryDiagnoser]
public class Rtcp
{
    private const int Members = 100;
    private const int Slots = 3;
    private const int MaxCompound = 1000;
    private const long Interval = 2_000_000;

    private readonly NtpTime _ntp = new(1_800_000_000_000_000);
    private readonly byte[][] _compounds = new byte[Members][];
    private readonly ReceptionStatistics[] _receptions = new ReceptionStatistics[Members];
    private readonly SlotStream[] _slots = new SlotStream[Members * Slots];
    private readonly SrtpSender[] _senders = new SrtpSender[Members];
    private readonly byte[] _compound = new byte[MaxCompound];
    private readonly OutgoingBatch _batch = new();
    private int _member;
    private ushort _sequence;
    private long _now;

    private static ReadOnlySpan<byte> CanonicalName => "hype"u8;

    [GlobalSetup]
    public void Talk()
    {
        for (var i = 0; i < Members; i++)
        {
            _compounds[i] = NewCompound((uint)i + 1);
            _receptions[i] = new ReceptionStatistics(new Ssrc((uint)i + 1));
            _senders[i] = new SrtpKeys(SrtpProfile.AeadAes128Gcm, i).NewSender();
        }

        for (var i = 0; i < _slots.Length; i++)
        {
            _slots[i] = new SlotStream(new Ssrc((uint)i + 1));
            Guard.Holds(_slots[i].TryMap(new SlotSource(new MemberNumber(1), 1), new SequenceNumber(1), 960, 0, out _, out _, out _));
        }
    }

    [GlobalCleanup]
    public void Disconnect()
    {
        foreach (var sender in _senders)
            sender.Dispose();
    }

    /// <summary>
    /// Reads the packets that a browser sends if it speaks and listens: an SR, a report block for each slot, and an SDES.
    /// </summary>
    [Benchmark]
    public long A_compound_of_the_next_member_is_read()
    {
        Next();
        Guard.Holds(RtcpCompound.TryParse(_compounds[_member], out var compound));
        var (read, blocks) = (0L, 0);
        foreach (var packet in compound)
        {
            if (packet.TryReadSenderReport(out var sender))
                read += sender.Packets;
            foreach (var block in packet.ReadReportBlocks())
            {
                read += block.TryGetRoundTrip(_ntp.At(_now), out var roundTrip) ? roundTrip : block.Jitter;
                blocks++;
            }
        }

        Guard.Holds(blocks == Slots);
        return read;
    }

    [Benchmark]
    public int The_report_to_the_next_publisher_is_written()
    {
        Next();
        var length = WriteReceiverReport();
        Guard.Holds(length > 0);
        return length;
    }

    [Benchmark]
    public int The_report_to_the_next_subscriber_is_written()
    {
        Next();
        var length = WriteSenderReports();
        Guard.Holds(length > 0);
        return length;
    }

    /// <summary>Writes and encrypts (AEAD_AES_128_GCM) all reports to a member: a receiver report and the sender reports.</summary>
    [Benchmark]
    public int The_reports_to_the_next_member_are_written_and_encrypted()
    {
        Next();
        return Seal(WriteReceiverReport()) + Seal(WriteSenderReports());
    }

    private void Next()
    {
        if (++_member < Members)
            return;
        _member = 0;
        _now += Interval;
        // The packets since the last report, with one lost in a hundred.
        _sequence += 101;
    }

    private int WriteReceiverReport()
    {
        var reception = _receptions[_member];
        reception.Add(new SequenceNumber(_sequence), _sequence * SpokenFrame.Ticks, _now);
        return RtcpWriter.WriteReceiverReport(_compound, reporter: new Ssrc((uint)_member + 1), reception.Report(_now), CanonicalName);
    }

    private int WriteSenderReports()
    {
        Span<SenderReport> reports = stackalloc SenderReport[Slots];
        for (var i = 0; i < Slots; i++)
        {
            ref var slot = ref _slots[(_member * Slots) + i];
            slot.Count(Voice.PayloadLength);
            reports[i] = new SenderReport(slot.Ssrc, _ntp.At(_now), slot.TimestampAt(_now), slot.Packets, slot.Octets);
        }

        var length = RtcpWriter.WriteSenderReports(_compound, reports, CanonicalName, out var written);
        Guard.Holds(written == Slots);
        return length;
    }

    private int Seal(int length)
    {
        var sealedLength = _senders[_member].ProtectRtcp(_batch.Next().Span, _compound.AsSpan(0, length));
        Guard.Holds(sealedLength != SrtpSender.Refused);
        return sealedLength;
    }

    private byte[] NewCompound(uint ssrc)
    {
        const int reportLength = RtcpCompound.HeaderLength + SenderReport.Length + (Slots * ReportBlock.Length);
        var bytes = new byte[MaxCompound];
        bytes[0] = 0x80 | Slots;
        bytes[1] = (byte)RtcpPacketType.SenderReport;
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2), (reportLength / 4) - 1);
        new SenderReport(new Ssrc(ssrc), _ntp.At(0), ssrc * 960, ssrc * 50, ssrc * 5000).Write(bytes.AsSpan(RtcpCompound.HeaderLength));
        for (var slot = 0; slot < Slots; slot++)
        {
            var block = new ReportBlock(
                new Ssrc((ssrc * 10) + (uint)slot), (byte)slot, 0, new ExtendedSequenceNumber(500), ssrc, NtpTime.Middle(_ntp.At(0)), 0);
            block.Write(bytes.AsSpan(RtcpCompound.HeaderLength + SenderReport.Length + (slot * ReportBlock.Length)));
        }

        var description = new RtcpWriter(bytes.AsSpan(reportLength));
        Guard.Holds(description.TrySourceDescription(new Ssrc(ssrc), CanonicalName));
        return bytes[..(reportLength + description.Length)];
    }
}
