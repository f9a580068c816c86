namespace Hype.MediaNode.Rooms;

/// <summary>
/// Tells the uninterrupted stretches of one speaker in one slot apart: a receiver's slot begins its numbering anew with each
/// (<see cref="SlotStream"/>). Numbers are the room's, so that two stretches of one participant never share one, even when it came
/// back with another microphone or is heard by another way.
/// </summary>
internal struct SpeechStretch
{
    private int _slot;
    private uint _ssrc;
    private uint _number;
    private bool _runs;

    /// <summary>A packet was not forwarded: what comes next is a new stretch.</summary>
    public void Interrupt() => _runs = false;

    /// <summary>The stretch to which the next packet of <paramref name="ssrc"/> in <paramref name="slot"/> belongs.</summary>
    public uint Continue(Room room, int slot, uint ssrc)
    {
        if (!_runs || slot != _slot || ssrc != _ssrc)
            (_runs, _slot, _ssrc, _number) = (true, slot, ssrc, room.NewStretch());
        return _number;
    }
}
