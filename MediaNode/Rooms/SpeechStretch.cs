using Hype.MediaNode.Rtp;

namespace Hype.MediaNode.Rooms;

/// <summary>
/// The number of a speaker's current stretch of uninterrupted speech in a slot. Each receiver's slot maps sequence numbers again for each
/// stretch (<see cref="SlotStream"/>). The room assigns the numbers, so that no two stretches share one, even if the member returns with
/// another microphone or is heard over another path.
/// </summary>
internal struct SpeechStretch
{
    private int _slot;
    private Ssrc _ssrc;
    private uint _stretch;
    private bool _runs;

    /// <summary>
    /// Records a gap in the forwarded packets: the next forwarded packet starts a new stretch (a run of consecutive sequence numbers).
    /// </summary>
    public void Interrupt() => _runs = false;

    /// <summary>
    /// Returns the number of the stretch to which the next packet of <paramref name="ssrc"/> in <paramref name="slot"/> belongs.
    /// </summary>
    public uint Continue(Room room, int slot, Ssrc ssrc)
    {
        if (!_runs || slot != _slot || ssrc != _ssrc)
            (_runs, _slot, _ssrc, _stretch) = (true, slot, ssrc, room.NewStretch());
        return _stretch;
    }
}
