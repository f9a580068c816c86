namespace Hype.MediaNode.Rooms;

/// <summary>A participant's ears: its slots, and what it reports of them.</summary>
internal sealed class Subscriber
{
    private readonly SlotStream[] _slots;

    public Subscriber(ReadOnlySpan<uint> slotSsrcs, bool canListen)
    {
        _slots = new SlotStream[slotSsrcs.Length];
        for (var i = 0; i < slotSsrcs.Length; i++)
            _slots[i] = new SlotStream(slotSsrcs[i]);
        CanListen = canListen;
    }

    /// <summary>Holds the grant to listen and is not deafened.</summary>
    public bool CanListen { get; set; }

    public int SlotCount => _slots.Length;

    public ref SlotStream Slot(int index) => ref _slots[index];

    public int FindSlot(uint ssrc)
    {
        for (var i = 0; i < _slots.Length; i++)
        {
            if (_slots[i].Ssrc == ssrc)
                return i;
        }
        return -1;
    }
}
