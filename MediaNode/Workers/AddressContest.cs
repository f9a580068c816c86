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

    private readonly List<Rival> _rivals = new(1);

    public List<Rival> Rivals => _rivals;

    /// <summary>Records a check of a rival. If there are too many rivals, it replaces the one that has been silent for longest.</summary>
    public void Add(RoomMember member, long now)
    {
        if (_rivals.Find(rival => rival.Member == member) is { } known)
        {
            known.CheckedAt = now;
            return;
        }

        if (_rivals.Count == Capacity)
        {
            var oldest = _rivals.MinBy(rival => rival.CheckedAt)!;
            if (now - oldest.CheckedAt < LeastStay)
                return;
            _rivals.Remove(oldest);
        }

        _rivals.Add(new Rival(member) { CheckedAt = now });
    }

    public void Remove(RoomMember member) => _rivals.RemoveAll(rival => rival.Member == member);

    /// <summary>Removes the rivals that have left, and returns the rival that takes over now; null: none does.</summary>
    public RoomMember? Resolve(long now)
    {
        _rivals.RemoveAll(rival => now - rival.CheckedAt > Timeout);
        return _rivals.Find(rival => rival.AnsweredAt is { } answered && now - answered >= Grace)?.Member;
    }

    internal sealed class Rival(RoomMember member)
    {
        public RoomMember Member => member;

        public long CheckedAt { get; set; }

        /// <summary>The time of the rival's first answer to a check of this node; null: none came.</summary>
        public long? AnsweredAt { get; set; }
    }
}
