using Hype.MediaNode.Rtcp;
using Hype.MediaNode.Rtp;
using Hype.MediaNode.Speakers;

namespace Hype.MediaNode.Rooms;

/// <summary>A member's microphone: the reception of its stream, and the permission to speak.</summary>
internal sealed class Publisher(bool canSpeak)
{
    private readonly SpeakerGate _gate = new();
    private SpeechStretch _inRoom;
    private SpeechStretch _onLinks;

    /// <summary>True if the member holds the grant to speak and is muted neither by itself nor by a moderator.</summary>
    public bool CanSpeak { get; set; } = canSpeak;

    public SpeakerGate Gate => _gate;

    /// <summary>
    /// The reception of the stream; null before its first packet. It starts again with another SSRC, for example if a browser restarts
    /// its sender.
    /// </summary>
    public ReceptionStatistics? Reception { get; private set; }

    /// <summary>The time of the last authentic packet, µs; null: there was none.</summary>
    public long? HeardAt { get; private set; }

    /// <summary>The uninterrupted speech that the members of the room hear.</summary>
    public ref SpeechStretch InRoom => ref _inRoom;

    /// <summary>
    /// The uninterrupted speech that the other rooms of the channel hear. They may hear a member that holds no slot in its own room.
    /// </summary>
    public ref SpeechStretch OnLinks => ref _onLinks;

    public void OnAuthenticated(in RtpHeader header, long now)
    {
        if (Reception is null || Reception.Ssrc != header.Ssrc)
            Reception = new ReceptionStatistics(header.Ssrc);
        Reception.Add(header.SequenceNumber, header.Timestamp, now);
        HeardAt = now;
        _gate.Authenticated(header.SequenceNumber, now);
    }

    /// <summary>Records a packet that was dropped before decryption: not forwarded, but not lost on the path either.</summary>
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

    /// <summary>Records that a packet was not forwarded: the next one starts a new stretch, in the room and on the links.</summary>
    public void Interrupt()
    {
        _inRoom.Interrupt();
        _onLinks.Interrupt();
    }
}
