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
    private SequenceNumber _lastSequence;
    private uint _stretch;
    private bool _runs;

    /// <summary>
    /// Records a gap in the forwarded packets: the next forwarded packet starts a new stretch (a run of consecutive sequence numbers).
    /// </summary>
    public void Interrupt() => _runs = false;

    /// <summary>
    /// Finds the stretch to which the next packet of a speaker in <paramref name="slot"/> belongs. A packet whose sequence number is too
    /// far ahead for the slot's pace starts a new stretch, in which each receiver's sequence number advances by one. Returns false if the
    /// slot's pace has no index left even for that.
    /// </summary>
    /// <param name="pace">The pace of the slot.</param>
    /// <param name="stretch">The number of the stretch.</param>
    public bool TryContinue(
        Room room, int slot, ref TokenBucket pace, Ssrc ssrc, SequenceNumber sequence, long now, out uint stretch)
    {
        var continues = _runs && slot == _slot && ssrc == _ssrc;
        var step = continues ? SequenceNumber.Distance(_lastSequence, sequence) : 1;
        stretch = _stretch;
        // A late packet uses an index that the slot has already passed.
        if (step <= 0)
            return true;
        if (!pace.TryTake(step, now))
        {
            continues = false;
            if (!pace.TryTake(1, now))
            {
                Interrupt();
                return false;
            }
        }

        if (!continues)
            (_runs, _slot, _ssrc, _stretch) = (true, slot, ssrc, room.NewStretch());
        _lastSequence = sequence;
        stretch = _stretch;
        return true;
    }
}
