using Hype.MediaNode.Dtls;
using Hype.MediaNode.Speakers;

namespace Hype.MediaNode.Rooms;

/// <summary>
/// The members of one channel on one worker, and who of them is heard. Belongs to the worker's thread.
/// </summary>
/// <remarks>
/// Slots are the room's, not the receiver's: whoever speaks is in the same slot for everyone. Nobody hears himself, so a
/// speaker has one slot to spare; that is how N slots carry N+1 people who all hear each other without any selection: the one
/// in the extra slot is heard by each other member in that member's own (<see cref="SlotFor"/>).
/// </remarks>
internal sealed class Room(RoomKey key, int slots, DtlsContext dtls)
{
    private readonly Dictionary<uint, RoomMember> _byNumber = [];
    private readonly List<RoomMember> _members = [];

    public RoomKey Key => key;

    /// <summary>Forwarded streams per receiver.</summary>
    public int Slots => slots;

    public DtlsContext Dtls => dtls;

    public LoudestSpeakers Speakers { get; } = new(slots + 1);

    public DominantSpeaker Dominant { get; } = new();

    /// <summary>The dominant speaker that the control plane was told of; 0: nobody.</summary>
    public uint AnnouncedDominant { get; set; }

    public List<RoomMember> Members => _members;

    public RoomMember? Find(uint number) => _byNumber.GetValueOrDefault(number);

    public void Add(RoomMember member)
    {
        _members.Add(member);
        _byNumber.Add(member.Number, member);
        Speakers.Add(member.Id);
        Dominant.Add(member.Id);
        Seat();
    }

    public void Remove(RoomMember member)
    {
        _members.Remove(member);
        _byNumber.Remove(member.Number);
        Speakers.Remove(member.Id, out _);
        Dominant.Remove(member.Id);
        Seat();
    }

    /// <summary>Where <paramref name="receiver"/> hears whoever holds the room's <paramref name="slot"/>; null: nowhere.</summary>
    public int? SlotFor(RoomMember receiver, int slot) => slot < slots ? slot : Speakers.SlotOf(receiver.Id);

    // Up to N+1 members everyone has a seat and keeps it, silent or not; above, the N seats are for who speaks.
    private void Seat()
    {
        var everyone = _members.Count <= slots + 1;
        Speakers.Limit(everyone ? slots + 1 : slots, keepSilent: everyone);
        if (!everyone)
            return;
        foreach (var member in _members)
            Speakers.Seat(member.Id);
    }
}
