using Hype.MediaNode.Rtcp;
using Hype.MediaNode.Rtp;
using Hype.MediaNode.Speakers;

namespace Hype.MediaNode.Rooms;

/// <summary>A participant's microphone: what came of it, and whether it may be heard.</summary>
internal sealed class Publisher(bool canSpeak)
{
    private const int NoSlot = -1;

    private readonly SpeakerGate _gate = new();
    private uint _stretch;
    private int _lastSlot = NoSlot;
    private uint _lastSsrc;

    /// <summary>Holds the grant to speak, and is muted neither by itself nor by a moderator.</summary>
    public bool CanSpeak { get; set; } = canSpeak;

    public SpeakerGate Gate => _gate;

    /// <summary>
    /// How the stream arrives; null before its first packet. It starts over with another SSRC, as when a browser restarts its sender.
    /// </summary>
    public ReceptionStatistics? Reception { get; private set; }

    public void OnAuthenticated(in RtpHeader header, long now)
    {
        if (Reception is null || Reception.Ssrc != header.Ssrc)
            Reception = new ReceptionStatistics(header.Ssrc);
        Reception.Add(header.SequenceNumber, header.Timestamp, now);
        _gate.Authenticated(header.SequenceNumber, now);
    }

    /// <summary>Dropped unopened because nobody would hear it: not forwarded, but not lost on the way either.</summary>
    public void OnGated(in RtpHeader header, long now)
    {
        if (Reception is not null && Reception.Ssrc == header.Ssrc)
            Reception.Add(header.SequenceNumber, header.Timestamp, now);
        Interrupt();
    }

    public void OnSenderReport(in SenderReport report, long now)
    {
        if (Reception is not null && Reception.Ssrc == report.Ssrc)
            Reception.AddSenderReport(report.Ntp, now);
    }

    /// <summary>A packet was not forwarded: what comes next is a new stretch.</summary>
    public void Interrupt() => _lastSlot = NoSlot;

    /// <summary>
    /// Counts the uninterrupted stretches of speech in one slot from one stream. A receiver's slot begins its numbering anew
    /// with each (<see cref="SlotStream"/>).
    /// </summary>
    public uint Stretch(int slot, uint ssrc)
    {
        if (slot != _lastSlot || ssrc != _lastSsrc)
        {
            _lastSlot = slot;
            _lastSsrc = ssrc;
            _stretch++;
        }
        return _stretch;
    }
}
