using Hype.MediaNode.Rtcp;
using Hype.MediaNode.Rtp;
using Hype.MediaNode.Speakers;

namespace Hype.MediaNode.Rooms;

/// <summary>A member as a source of audio: the reception of the microphone's stream, and the permission to speak.</summary>
internal sealed class Publisher(bool canSpeak)
{
    private readonly SpeakerGate _gate = new();
    private SpeechStretch _inRoom;
    private SpeechStretch _onLinks;

    /// <summary>True if the member holds the grant to speak and is muted neither by itself nor by a moderator.</summary>
    public bool CanSpeak { get; set; } = canSpeak;

    public SpeakerGate Gate => _gate;

    /// <summary>
    /// The reception statistics of the microphone's stream; null before its first packet. They start again with another SSRC, for example
    /// if a browser restarts its sender.
    /// </summary>
    public ReceptionStatistics? Reception { get; private set; }

    /// <summary>The time of the last authentic packet, µs; null before the first one.</summary>
    public long? HeardAt { get; private set; }

    /// <summary>The number of the member's current stretch of uninterrupted speech, as the members of this room hear it.</summary>
    public ref SpeechStretch InRoom => ref _inRoom;

    /// <summary>
    /// The number of the member's current stretch of uninterrupted speech, as other rooms of the channel hear it. It differs from
    /// <see cref="InRoom"/>, because a member without a slot in this room may have one on the links.
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

    /// <summary>
    /// Records a packet that was dropped before decryption. It is not forwarded, but does not count as lost on the network path. Its
    /// header may be forged, so only the number of such packets counts.
    /// </summary>
    public void OnGated(in RtpHeader header)
    {
        if (Reception is not null && Reception.Ssrc == header.Ssrc)
            Reception.AddUnverified();
        Interrupt();
    }

    public void OnSenderReport(in SenderReport report, long now)
    {
        if (Reception is not null && Reception.Ssrc == report.Ssrc)
            Reception.AddSenderReport(report.Ntp, now);
    }

    /// <summary>
    /// Records a gap in the forwarded packets. The next forwarded packet starts a new stretch (a run of consecutive sequence numbers) in
    /// the room and on the links.
    /// </summary>
    public void Interrupt()
    {
        _inRoom.Interrupt();
        _onLinks.Interrupt();
    }
}
