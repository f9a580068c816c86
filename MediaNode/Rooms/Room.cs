using Hype.MediaNode.Cascade;
using Hype.MediaNode.Dtls;
using Hype.MediaNode.Rtp;
using Hype.MediaNode.Speakers;

namespace Hype.MediaNode.Rooms;

/// <summary>
/// The members of one channel on one worker, and the selection of the speakers that they hear. Only the worker's thread uses it.
/// </summary>
/// <remarks>
/// Slots belong to the room, not to the receiver: a speaker is in the same slot for all receivers. No member hears its own voice, so a
/// speaker has one unused slot. Therefore N slots serve N+1 members that all hear each other without any selection: each other member
/// hears the holder of the extra slot in its own slot (<see cref="SlotFor"/>). In a room with links, N slots serve N speakers.
/// </remarks>
internal sealed class Room
{
    private readonly Dictionary<MemberNumber, RoomMember> _byNumber = [];
    private readonly List<RoomMember> _members = [];
    private readonly TokenBucket[] _paces;
    private uint _stretches;
    private bool _isSlow;

    public Room(RoomKey key, int slots, DtlsContext dtls, int pace = SlotPace.PerSecond)
    {
        Key = key;
        Pace = pace;
        Slots = slots;
        Dtls = dtls;
        Speakers = new LoudestSpeakers(slots + 1);
        Cascade = new RoomCascade(this);
        _paces = SlotPace.ForSlots(slots + 1, pace);
    }

    public RoomKey Key { get; }

    /// <summary>The number of streams that each receiver gets.</summary>
    public int Slots { get; }

    /// <summary>The sequence numbers per second of each slot.</summary>
    public int Pace { get; }

    public DtlsContext Dtls { get; }

    /// <summary>The assignment of slots to the loudest speakers, among the room's members and the speakers heard over links.</summary>
    public LoudestSpeakers Speakers { get; }

    public DominantSpeaker Dominant { get; } = new();

    /// <summary>The dominant speaker that was last reported to the control plane; 0: no member.</summary>
    public MemberNumber ReportedDominant { get; set; }

    public List<RoomMember> Members => _members;

    /// <summary>The links to the other rooms of the channel, and the speakers heard over them.</summary>
    public RoomCascade Cascade { get; }

    public RoomMember? Find(MemberNumber number) => _byNumber.GetValueOrDefault(number);

    public void Add(RoomMember member)
    {
        // A member that is moving here is already heard over a link, and retains its slot.
        if (Cascade.Find(member.Number) is null)
            Enter(member.Number);
        _members.Add(member);
        _byNumber.Add(member.Number, member);
        Cascade.Add(member);
        AssignSlots();
    }

    public void Remove(RoomMember member)
    {
        _members.Remove(member);
        _byNumber.Remove(member.Number);
        if (!Cascade.Remove(member))
            Leave(member.Number);
        AssignSlots();
    }

    public void Add(CascadeLink link)
    {
        Cascade.Add(link);
        AssignSlots();
    }

    public void Remove(CascadeLink link)
    {
        Cascade.Remove(link);
        AssignSlots();
    }

    /// <summary>
    /// Adds a speaker (a member, or a speaker heard over a link) to the selection of the loudest and of the dominant speaker.
    /// </summary>
    public void Enter(MemberNumber speaker)
    {
        Speakers.Add(speaker);
        Dominant.Add(speaker);
    }

    public void Leave(MemberNumber speaker)
    {
        Speakers.Remove(speaker);
        Dominant.Remove(speaker);
    }

    /// <summary>
    /// Returns an unused number for a stretch of speech; no two stretches in this room share a number (<see cref="SpeechStretch"/>).
    /// </summary>
    public uint NewStretch() => ++_stretches;

    /// <summary>Returns the pace of a slot (<see cref="SlotPace"/>).</summary>
    public ref TokenBucket PaceOf(int slot) => ref _paces[slot];

    /// <summary>
    /// Sets the pace of the slots to <see cref="SlotPace.SlowPerSecond"/> while an endpoint of the room has a short index limit, and to
    /// <see cref="Pace"/> otherwise.
    /// </summary>
    public void UpdatePace(long now)
    {
        var slow = false;
        foreach (var member in _members)
            slow |= member.Endpoint.Portable is { Limit.IsShort: true };
        if (slow == _isSlow)
            return;
        _isSlow = slow;
        for (var slot = 0; slot < _paces.Length; slot++)
            _paces[slot].SetRate(slow ? Math.Min(SlotPace.SlowPerSecond, Pace) : Pace, now);
    }

    /// <summary>
    /// Returns the slot of <paramref name="receiver"/> that carries the speaker of the room's <paramref name="slot"/>. The holder of the
    /// room's extra slot is carried by the receiver's own slot, because no member hears its own voice. Null: the receiver has no slot for
    /// the speaker.
    /// </summary>
    public int? SlotFor(RoomMember receiver, int slot) => slot < Slots ? slot : Speakers.SlotOf(receiver.Number);

    // Up to N+1 members, each has a slot of its own, silent or not. With more members, the N slots are for speakers. The same holds in a
    // room with links: it does not know the number of speakers behind them, and those speakers are no receivers here with an unused slot.
    private void AssignSlots()
    {
        var everyone = !Cascade.IsLinked && _members.Count <= Slots + 1;
        Speakers.Limit(everyone ? Slots + 1 : Slots, keepSilent: everyone);
        if (!everyone)
            return;
        foreach (var member in _members)
            Speakers.TryAssign(member.Number);
    }
}
