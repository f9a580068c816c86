using Hype.MediaNode.Rtp;
using Hype.MediaNode.Speakers;

namespace Hype.MediaNode.Rooms;

/// <summary>A participant's microphone: what came of it, and whether it may be heard.</summary>
internal sealed class Publisher(bool canSpeak)
{
    private const int NoSlot = -1;

    private SpeakerGate _gate;
    private uint _stretch;
    private int _lastSlot = NoSlot;
    private uint _lastSsrc;

    /// <summary>Holds the grant to speak, and is muted neither by itself nor by a moderator.</summary>
    public bool CanSpeak { get; set; } = canSpeak;

    public ref SpeakerGate Gate => ref _gate;

    /// <summary>The stream's SSRC; meaningful once <see cref="HasSource"/>. It may change, as when a browser restarts its sender.</summary>
    public uint Ssrc { get; private set; }

    public bool HasSource { get; private set; }

    public void OnAuthenticated(in RtpHeader header, long now)
    {
        if (!HasSource || header.Ssrc != Ssrc)
        {
            Ssrc = header.Ssrc;
            HasSource = true;
        }
        _gate.Authenticated(header.SequenceNumber, now);
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
