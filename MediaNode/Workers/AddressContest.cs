using Hype.MediaNode.Rooms;

namespace Hype.MediaNode.Workers;

/// <summary>
/// The competition for an address that belongs to a member, its holder, and from which checks of other members come, its rivals. It begins
/// with a rival's check. The node asks the holder and the rivals by checks of its own, and the contest ends in one of these ways:
/// <list type="bullet">
/// <item>The holder answers: it keeps the address, as in the case of two live clients on one socket.</item>
/// <item>A rival answers, and the holder does not within <see cref="Grace"/>: the rival takes over, as after a crash of a client.</item>
/// <item>No client answers: the source of the checks was forged, or the client has left. The contest ends after <see cref="Timeout"/>.
/// </item>
/// </list>
/// A forged check can begin a contest, so that <see cref="EndpointTable"/> uses the objects again and a check allocates nothing.
/// </summary>
internal sealed class AddressContest
{
    /// <summary>The maximum number of rivals, so that forged checks of one member do not exclude another member.</summary>
    public const int Capacity = 4;

    /// <summary>
    /// The time after a rival's answer in which the holder may still answer, µs: the node asks it in each tick, so that three checks must
    /// be lost.
    /// </summary>
    public const long Grace = 300_000;

    /// <summary>The time after the last check of a rival at which the rival leaves the contest, µs.</summary>
    public const long Timeout = 5_000_000;

    // A rival that has just sent a check is not replaced by another one. Microseconds.
    private const long LeastStay = 1_000_000;

    private readonly Rival[] _rivals = new Rival[Capacity];
    private int _count;

    /// <summary>The rivals; valid until one is added or removed.</summary>
    public Span<Rival> Rivals => _rivals.AsSpan(0, _count);

    /// <summary>Records a check of a rival. If there are too many rivals, it replaces the one that has been silent for longest.</summary>
    public void Add(RoomMember member, long now)
    {
        var oldest = 0;
        for (var i = 0; i < _count; i++)
        {
            if (_rivals[i].Member == member)
            {
                _rivals[i].CheckedAt = now;
                return;
            }

            if (_rivals[i].CheckedAt < _rivals[oldest].CheckedAt)
                oldest = i;
        }

        if (_count == Capacity)
        {
            if (now - _rivals[oldest].CheckedAt < LeastStay)
                return;
            RemoveAt(oldest);
        }

        _rivals[_count++] = new Rival(member) { CheckedAt = now };
    }

    public void Remove(RoomMember member)
    {
        for (var i = _count - 1; i >= 0; i--)
        {
            if (_rivals[i].Member == member)
                RemoveAt(i);
        }
    }

    /// <summary>Removes all rivals.</summary>
    public void Clear()
    {
        Rivals.Clear();
        _count = 0;
    }

    /// <summary>Removes the rivals that have left, and returns the rival that takes over now; null: none does.</summary>
    public RoomMember? Resolve(long now)
    {
        for (var i = _count - 1; i >= 0; i--)
        {
            if (now - _rivals[i].CheckedAt > Timeout)
                RemoveAt(i);
        }

        foreach (ref readonly var rival in Rivals)
        {
            if (rival.AnsweredAt is { } answered && now - answered >= Grace)
                return rival.Member;
        }

        return null;
    }

    // The order stays: the first rival that answered in time takes over.
    private void RemoveAt(int rival)
    {
        Rivals[(rival + 1)..].CopyTo(Rivals[rival..]);
        _rivals[--_count] = default;
    }

    internal struct Rival(RoomMember member)
    {
        public RoomMember Member { get; } = member;

        public long CheckedAt { get; set; }

        /// <summary>The time of the rival's first answer to a check of this node; null: none came.</summary>
        public long? AnsweredAt { get; set; }
    }
}
