using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Hype.MediaNode.Rtp;

namespace Hype.MediaNode.Speakers;

/// <summary>
/// The assignment of slots to the loudest members. A speaking member gets a free slot at once, so that its first word is not lost. A
/// holder loses its slot in four cases only: <list type="number">
/// <item>it has been silent for <see cref="Hold"/> and another member speaks; the holder that has been silent for longest goes
/// first;</item>
/// <item>it is the quietest holder, and another member was louder by <see cref="Margin"/> for <see cref="ChallengeTime"/> without a
/// break;</item>
/// <item>its level is constant (<see cref="LevelVariation"/>), it is the quietest holder, and a member whose level varies speaks: the
/// first word of a voice is not lost after a pause in which a constant level took the slot;</item>
/// <item>it has been silent for <see cref="ReleaseAfter"/> (<see cref="Tick"/>): comfort noise need not be sent to everyone without
/// limit.</item>
/// </list>
/// The level is the sender's own statement. So a member with a constant level counts as quieter than every member whose level varies: it
/// yields its slot to any of them at once, and takes the slot of none of them that speaks.
/// <para>
/// To observe a packet takes time proportional to the number of slots, not of members, and allocates nothing.
/// </para>
/// </summary>
/// <param name="slots">1–33: a room's maximum of 32, and the extra one.</param>
internal sealed class LoudestSpeakers(int slots)
{
    /// <summary>
    /// The time of silence after which the holder of a slot loses it to any speaking member without a slot, µs: longer than a pause for
    /// breath.
    /// </summary>
    public const long Hold = 1_000_000;

    /// <summary>The number of dB by which a challenger must be louder than the quietest holder of a slot.</summary>
    public const double Margin = 6;

    /// <summary>
    /// The time for which a challenger must be louder by <see cref="Margin"/>, µs: longer than a cough or the slam of a door, shorter than
    /// a sentence.
    /// </summary>
    public const long ChallengeTime = 400_000;

    /// <summary>The time of silence after which a holder's slot becomes free even without a challenger, µs.</summary>
    public const long ReleaseAfter = 5_000_000;

    /// <summary>
    /// The weight of one speech packet in the smoothed loudness: with packets of 20 ms, the loudness covers 63 % of the way to a new level
    /// in 0.2 s.
    /// </summary>
    private const double Weight = 0.1;

    /// <summary>
    /// The longest pause of a challenger, µs. After a longer pause, the time of its challenge is measured from the start again.
    /// </summary>
    private const long ChallengePause = 200_000;

    private const int None = -1;

    /// <summary>A time earlier than any time of a clock; a clock's time minus this value does not overflow.</summary>
    private const long LongAgo = long.MinValue / 2;

    private readonly Dictionary<MemberNumber, int> _indexOf = [];
    private readonly int[] _holders = NewSlots(slots);
    private Member[] _members = new Member[16];
    private int _count;
    private int _limit = slots;
    private bool _keepSilent;

    public int Slots => _holders.Length;

    /// <summary>
    /// Sets the number of usable slots, and whether silent holders retain their slots (<see cref="Tick"/> then frees no slot).
    /// </summary>
    /// <param name="limit">1 to <see cref="Slots"/>. The holder of a slot above it loses the slot.</param>
    /// <param name="keepSilent">For a room in which every member has a slot.</param>
    public void Limit(int limit, bool keepSilent)
    {
        for (var slot = limit; slot < _limit; slot++)
        {
            if (_holders[slot] == None)
                continue;
            _members[_holders[slot]].Slot = None;
            _holders[slot] = None;
        }

        _limit = limit;
        _keepSilent = keepSilent;
    }

    /// <summary>
    /// Assigns a free slot to a member that has not spoken. Returns true if the member has a slot, false if no slot is free or the member
    /// is unknown.
    /// </summary>
    public bool TryAssign(MemberNumber member)
    {
        if (!_indexOf.TryGetValue(member, out var index))
            return false;
        if (_members[index].Slot != None)
            return true;
        var free = Array.IndexOf(_holders, None, 0, _limit);
        if (free < 0)
            return false;
        _holders[free] = index;
        _members[index].Slot = free;
        return true;
    }

    public int Members => _count;

    public void Add(MemberNumber member)
    {
        if (!_indexOf.TryAdd(member, _count))
            throw new ArgumentException($"Member {member.Value} is here already.", nameof(member));
        if (_count == _members.Length)
            Array.Resize(ref _members, 2 * _count);
        _members[_count++] = new Member
        {
            Number = member,
            Slot = None,
            LastSpoke = LongAgo,
            ChallengingSince = long.MaxValue,
            Variation = new LevelVariation(),
        };
    }

    /// <summary>Removes a member. Returns true if the member held a slot, which is now free.</summary>
    public bool Remove(MemberNumber member)
    {
        if (!_indexOf.Remove(member, out var index))
            return false;
        var slot = _members[index].Slot;
        if (slot != None)
            _holders[slot] = None;

        _count--;
        if (index != _count)
        {
            _members[index] = _members[_count];
            _indexOf[_members[index].Number] = index;
            if (_members[index].Slot != None)
                _holders[_members[index].Slot] = index;
        }

        _members[_count] = default;
        return slot != None;
    }

    /// <summary>
    /// Returns the slot that a member holds; null: the member holds none. The slot does not change while the member holds it.
    /// </summary>
    public int? SlotOf(MemberNumber member) =>
        _indexOf.TryGetValue(member, out var index) && _members[index].Slot is var slot and not None ? slot : null;

    /// <summary>Returns the member that holds a slot; null: the slot is free.</summary>
    public MemberNumber? HolderOf(int slot) => _holders[slot] is var index and not None ? _members[index].Number : null;

    /// <summary>Returns true if the member's level is constant (<see cref="LevelVariation"/>); false if the member is unknown.</summary>
    public bool IsSteady(MemberNumber member, long now) =>
        _indexOf.TryGetValue(member, out var index) && _members[index].Variation.IsSteady(now);

    /// <summary>
    /// Adds the audio level of a member's packet. Returns true if the member got a slot by it. Packets of unknown members are ignored.
    /// </summary>
    /// <param name="minusDbov">0 (loudest) to 127.</param>
    /// <param name="declared">False: the client sends no levels, and the level is <see cref="AudioLevel.Assumed"/>.</param>
    public bool Observe(MemberNumber member, byte minusDbov, bool voice, long now, bool declared = true)
    {
        ref var index = ref CollectionsMarshal.GetValueRefOrNullRef(_indexOf, member);
        if (Unsafe.IsNullRef(ref index))
            return false;
        ref var observed = ref _members[index];
        if (!Speech.Is(minusDbov, voice))
            return false;
        if (now - observed.LastSpoke > ChallengePause)
            observed.ChallengingSince = long.MaxValue;
        var loudness = Speech.Loudness(minusDbov);
        if (now - observed.LastSpoke > Hold)
            observed.Loudness = loudness;
        observed.Loudness += (loudness - observed.Loudness) * Weight;
        if (declared)
            observed.Variation.Add(loudness, now);
        observed.LastSpoke = now;
        if (observed.Slot != None)
            return false;
        var slot = SlotFor(ref observed, now);
        if (slot == None)
            return false;
        if (_holders[slot] != None)
            _members[_holders[slot]].Slot = None;
        _holders[slot] = index;
        observed.Slot = slot;
        observed.ChallengingSince = long.MaxValue;
        return true;
    }

    /// <summary>
    /// Frees the slot of one member that has been silent for <see cref="ReleaseAfter"/>. Returns true if it freed a slot; the caller
    /// repeats the call, because there may be another.
    /// </summary>
    public bool Tick(long now)
    {
        for (var slot = 0; slot < _limit && !_keepSilent; slot++)
        {
            if (_holders[slot] == None)
                continue;
            ref var holder = ref _members[_holders[slot]];
            if (now - holder.LastSpoke < ReleaseAfter)
                continue;
            holder.Slot = None;
            _holders[slot] = None;
            return true;
        }

        return false;
    }

    /// <summary>Returns the number of held slots, and the number of those whose holder spoke within the last second.</summary>
    public (int Held, int Speaking) InUse(long now)
    {
        var (held, speaking) = (0, 0);
        for (var slot = 0; slot < _limit; slot++)
        {
            if (_holders[slot] == None)
                continue;
            held++;
            if (now - _members[_holders[slot]].LastSpoke < Hold)
                speaking++;
        }

        return (held, speaking);
    }

    private static int[] NewSlots(int slots)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(slots, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(slots, 33);
        var holders = new int[slots];
        Array.Fill(holders, None);
        return holders;
    }

    private int SlotFor(ref Member challenger, long now)
    {
        var longestSilent = None;
        var silentSince = long.MaxValue;
        var quietest = None;
        var quietestLoudness = double.MaxValue;
        for (var slot = 0; slot < _limit; slot++)
        {
            if (_holders[slot] == None)
                return slot;
            ref var holder = ref _members[_holders[slot]];
            if (now - holder.LastSpoke >= Hold && holder.LastSpoke < silentSince)
                (longestSilent, silentSince) = (slot, holder.LastSpoke);
            var loudness = holder.LoudnessAt(now);
            if (loudness < quietestLoudness)
                (quietest, quietestLoudness) = (slot, loudness);
        }

        if (longestSilent != None)
            return longestSilent;
        if (!challenger.Variation.IsSteady(now) && _members[_holders[quietest]].Variation.IsSteady(now))
            return quietest;
        if (challenger.LoudnessAt(now) < quietestLoudness + Margin)
        {
            challenger.ChallengingSince = long.MaxValue;
            return None;
        }

        if (challenger.ChallengingSince == long.MaxValue)
            challenger.ChallengingSince = now;
        return now - challenger.ChallengingSince >= ChallengeTime ? quietest : None;
    }

    private struct Member
    {
        public MemberNumber Number;
        public int Slot;

        /// <summary>The smoothed loudness of the member's speech packets, 0–127 dB; pauses in the speech do not lower it.</summary>
        public double Loudness;

        public LevelVariation Variation;
        public long LastSpoke;
        public long ChallengingSince;

        /// <summary>
        /// Returns the loudness for comparisons: −127–127. A member with a constant level is quieter than every other one.
        /// </summary>
        public readonly double LoudnessAt(long now) => Variation.IsSteady(now) ? Loudness - AudioLevel.Silence - Margin : Loudness;
    }
}
