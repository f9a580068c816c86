using System.Threading.Channels;
using Hype.MediaNode.Diagnostics;
using Hype.MediaNode.Net;
using Hype.MediaNode.Rtcp;
using Hype.MediaNode.Rtp;
using Hype.MediaNode.Srtp;

namespace Hype.MediaNode.Rooms;

/// <summary>
/// Terminates RTCP (RFC 7667 §3.7): sends publishers receiver reports on their microphones, sends receivers a sender report per slot, and
/// combines the loss, jitter and round trip reported by both sides into the member's connection quality.
/// </summary>
internal sealed class RoomReports(IDatagramSink sink, ChannelWriter<RoomEvent> events, NtpTime ntp)
{
    // RFC 3550 §6.2 allows a reduced minimum for small sessions; libwebrtc reports at about this interval. Microseconds.
    private const long ReportInterval = 2_000_000;

    // Spreads the members over the interval, so that a room does not report in one burst.
    private const long Stagger = 100_000;
    private const int StaggerSteps = 20;

    private const int MaxCompound = 1000;

    private static ReadOnlySpan<byte> CanonicalName => "hype"u8;

    /// <summary>
    /// Handles a decrypted RTCP compound from a member: the member's receiver reports on its slots, and the sender report on its
    /// microphone.
    /// </summary>
    public void Receive(RoomMember reporter, Span<byte> packet, long now, DropCounters drops)
    {
        if (!reporter.Budget.PermitsReport(now))
        {
            reporter.Budget.RecordExcess(now);
            drops.Add(DropReason.RtcpTooFast);
            return;
        }

        var result = reporter.Endpoint.Receiver!.TryUnprotectRtcp(packet, out var length);
        if (result != SrtpResult.Ok)
        {
            drops.Add(DropReasons.Of(result));
            return;
        }

        reporter.Budget.ChargeReport();
        if (!RtcpCompound.TryParse(packet[..length], out var compound))
        {
            drops.Add(DropReason.RtcpMalformed);
            return;
        }

        foreach (var report in compound)
        {
            if (report.TryReadSenderReport(out var sender))
                reporter.Publisher.OnSenderReport(sender, now);
            foreach (var block in report.ReadReportBlocks())
                reporter.Subscriber.OnReportBlock(block, ntp.At(now));
        }
    }

    /// <summary>Frees the slots of silent members, and reports a changed dominant speaker.</summary>
    public void Tick(Room room, long now)
    {
        while (room.Speakers.Tick(now))
        {
        }

        room.Dominant.Tick(now);
        ReportDominant(room);
    }

    /// <summary>Sends the due RTCP reports to a member, and reports a member that exceeds its budget for long.</summary>
    public void Tick(RoomMember member, long now, WorkerCounters counters)
    {
        if (member.Budget.DetectFlooding(now))
        {
            counters.AddFlooding();
            events.TryWrite(new RoomEvent(member.Room.Key, RoomEventKind.Flooding, member.Number));
        }

        if (now < member.NextReportAt || member.Endpoint.Sender is not { } srtp)
            return;
        // The first tick only sets the schedule: there is nothing to report yet.
        var due = member.NextReportAt != 0;
        member.NextReportAt = now + ReportInterval + (due ? 0 : member.Number.Value % StaggerSteps * Stagger);
        if (!due)
            return;
        SendReceiverReport(member, srtp, now);
        SendSenderReports(member, srtp, now);
        ReportQuality(member, counters);
    }

    private void ReportDominant(Room room)
    {
        var dominant = room.Dominant.Current ?? MemberNumber.None;
        if (dominant == room.ReportedDominant)
            return;
        room.ReportedDominant = dominant;
        events.TryWrite(new RoomEvent(room.Key, RoomEventKind.DominantSpeaker, dominant));
    }

    private void SendReceiverReport(RoomMember member, SrtpSender srtp, long now)
    {
        if (member.Publisher.Reception is not { } reception)
            return;
        Span<byte> compound = stackalloc byte[MaxCompound];
        var length = RtcpWriter.WriteReceiverReport(compound, member.Subscriber.Slot(0).Ssrc, reception.Report(now), CanonicalName);
        Send(member, srtp, compound[..length]);
    }

    private void SendSenderReports(RoomMember member, SrtpSender srtp, long now)
    {
        Span<SenderReport> reports = stackalloc SenderReport[member.Subscriber.SlotCount];
        var count = 0;
        for (var i = 0; i < member.Subscriber.SlotCount; i++)
        {
            ref var slot = ref member.Subscriber.Slot(i);
            if (slot.Started)
                reports[count++] = new SenderReport(slot.Ssrc, ntp.At(now), slot.TimestampAt(now), slot.Packets, slot.Octets);
        }

        Span<byte> compound = stackalloc byte[MaxCompound];
        for (var rest = reports[..count]; !rest.IsEmpty;)
        {
            var length = RtcpWriter.WriteSenderReports(compound, rest, CanonicalName, out var written);
            Send(member, srtp, compound[..length]);
            rest = rest[written..];
        }
    }

    private void Send(RoomMember member, SrtpSender srtp, ReadOnlySpan<byte> compound)
    {
        var length = srtp.ProtectRtcp(sink.Reserve(), compound);
        // At its index limit an endpoint skips its reports; the next one covers the whole time.
        if (length > SrtpSender.Refused && member.Endpoint.TrySpend(length))
            member.Endpoint.Send(length, sink);
    }

    private void ReportQuality(RoomMember member, WorkerCounters counters)
    {
        var up = member.Publisher.Reception;
        if (up is not null)
        {
            counters.LossUp.Add(up.LossPercent / 100);
            counters.JitterUp.Add(up.JitterMilliseconds / 1000);
        }

        if (member.Subscriber.Reported is { } down)
        {
            counters.LossDown.Add(down.LossPercent / 100);
            counters.JitterDown.Add(down.JitterMs / 1000);
            if (member.Subscriber.HasRoundTrip)
                counters.RoundTrip.Add(down.RoundTripMs / 1000);
        }

        var quality = member.Subscriber.TakeQuality(up?.LossPercent ?? 0, up?.JitterMilliseconds ?? 0);
        if (member.ReportedQuality is { } reported && !quality.DiffersFrom(reported))
            return;
        member.ReportedQuality = quality;
        events.TryWrite(new RoomEvent(member.Room.Key, RoomEventKind.Quality, member.Number) { Quality = quality });
    }
}
