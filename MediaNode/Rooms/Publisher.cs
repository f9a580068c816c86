using Hype.MediaNode.Rtcp;
using Hype.MediaNode.Rtp;
using Hype.MediaNode.Speakers;

namespace Hype.MediaNode.Rooms;

/// <summary>A participant's microphone: what came of it, and whether it may be heard.</summary>
internal sealed class Publisher(bool canSpeak)
{
    private readonly SpeakerGate _gate = new();
    private SpeechStretch _inRoom;
    private SpeechStretch _onLinks;

    /// <summary>Holds the grant to speak, and is muted neither by itself nor by a moderator.</summary>
    public bool CanSpeak { get; set; } = canSpeak;

    public SpeakerGate Gate => _gate;

    /// <summary>
    /// How the stream arrives; null before its first packet. It starts over with another SSRC, as when a browser restarts its sender.
    /// </summary>
    public ReceptionStatistics? Reception { get; private set; }

    /// <summary>When the last authentic packet came, µs; null: none did yet.</summary>
    public long? HeardAt { get; private set; }

    /// <summary>What the members of the room hear of it without interruption.</summary>
    public ref SpeechStretch InRoom => ref _inRoom;

    /// <summary>What the other rooms of the channel hear of it: they may hear it when its own room does not.</summary>
    public ref SpeechStretch OnLinks => ref _onLinks;

    public void OnAuthenticated(in RtpHeader header, long now)
    {
        if (Reception is null || Reception.Ssrc != header.Ssrc)
            Reception = new ReceptionStatistics(header.Ssrc);
        Reception.Add(header.SequenceNumber, header.Timestamp, now);
        HeardAt = now;
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

    /// <summary>A packet was forwarded to nobody: what comes next is a new stretch, everywhere.</summary>
    public void Interrupt()
    {
        _inRoom.Interrupt();
        _onLinks.Interrupt();
    }
}
