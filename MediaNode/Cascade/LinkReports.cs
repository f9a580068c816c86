using System.Threading.Channels;
using Hype.MediaNode.Diagnostics;
using Hype.MediaNode.Net;
using Hype.MediaNode.Rooms;
using Hype.MediaNode.Rtcp;
using Hype.MediaNode.Rtp;
using Hype.MediaNode.Srtp;

namespace Hype.MediaNode.Cascade;

/// <summary>
/// Monitors links by keepalives. Once a second, each end sends a sender report and a receiver report on the first slot (RFC 3550 §6.4),
/// from which the other end computes the round trip. If nothing arrives for <see cref="CascadeLink.LostAfter"/>, the loss is reported to
/// the control plane once, and the link continues to send keepalives.
/// </summary>
internal sealed class LinkReports(IDatagramSink sink, ChannelWriter<RoomEvent> events, NtpTime ntp)
{
    // µs.
    private const long KeepaliveInterval = 1_000_000;

    private const int KeepaliveLength = 2 * RtcpCompound.HeaderLength + SenderReport.Length + 4 + ReportBlock.Length;

    public void Receive(CascadeLink link, Span<byte> packet, long now, WorkerCounters counters)
    {
        var result = link.Receiver.TryUnprotectRtcp(packet, out var length);
        if (result != SrtpResult.Ok)
        {
            counters.Drops.Add(DropReasons.Of(result));
            return;
        }

        if (!RtcpCompound.TryParse(packet[..length], out var compound))
        {
            counters.Drops.Add(DropReason.RtcpMalformed);
            return;
        }

        counters.AddReceivedOverLink(packet.Length);
        link.OnAuthentic(now);
        foreach (var report in compound)
        {
            if (report.TryReadSenderReport(out var sender))
                link.Reception.AddSenderReport(sender.Ntp, now);
            foreach (var block in report.ReadReportBlocks())
            {
                if (block.TryGetRoundTrip(ntp.At(now), out var roundTrip))
                    link.RoundTrip = roundTrip;
            }
        }
    }

    /// <summary>Reports a link that is lost, and sends its keepalive if it is due.</summary>
    public void Tick(CascadeLink link, long now, WorkerCounters counters)
    {
        if (link.DetectLoss(now))
            ReportLoss(link);
        if (now < link.NextKeepaliveAt)
            return;
        link.NextKeepaliveAt = now + KeepaliveInterval;
        SendKeepalive(link, now, counters);
    }

    /// <summary>Reports to the control plane that a link is lost.</summary>
    public void ReportLoss(CascadeLink link) =>
        events.TryWrite(new RoomEvent(link.Room.Key, RoomEventKind.LinkLost, MemberNumber.None) { Link = link.Name });

    private void SendKeepalive(CascadeLink link, long now, WorkerCounters counters)
    {
        ref var slot = ref link.Slot(0);
        Span<byte> compound = stackalloc byte[KeepaliveLength];
        var writer = new RtcpWriter(compound);
        writer.TrySenderReport(new SenderReport(slot.Ssrc, ntp.At(now), slot.TimestampAt(now), slot.Packets, slot.Octets));
        writer.TryReceiverReport(slot.Ssrc, link.Reception.Report(now));
        var length = link.Sender.ProtectRtcp(sink.Reserve(), compound[..writer.Length]);
        sink.Send(length, link.Remote);
        counters.AddSentOverLink(length);
    }
}
