using Hype.MediaNode.Rtp;

namespace Hype.MediaNode.Rooms;

/// <summary>
/// Numbers the uninterrupted stretches of speech of one speaker in one slot; a receiver's slot starts a new mapping with each stretch
/// (<see cref="SlotStream"/>). The room assigns the numbers, so that two stretches of one member never have the same number, even if the
/// member returns with another microphone or is heard over another path.
/// </summary>
internal struct SpeechStretch
{
    private int _slot;
    private Ssrc _ssrc;
    private uint _stretch;
    private bool _runs;

    /// <summary>Records that a packet was not forwarded: the next one starts a new stretch.</summary>
    public void Interrupt() => _runs = false;

    /// <summary>
    /// Returns the number of the stretch that the next packet of <paramref name="ssrc"/> in <paramref name="slot"/> belongs to.
    /// </summary>
    public uint Continue(Room room, int slot, Ssrc ssrc)
    {
        if (!_runs || slot != _slot || ssrc != _ssrc)
            (_runs, _slot, _ssrc, _stretch) = (true, slot, ssrc, room.NewStretch());
        return _stretch;
    }
}
