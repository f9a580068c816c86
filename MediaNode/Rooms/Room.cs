using Hype.MediaNode.Dtls;
using Hype.MediaNode.Speakers;

namespace Hype.MediaNode.Rooms;

/// <summary>
/// The members of one channel on one worker, and who of them is heard. Belongs to the worker's thread.
/// </summary>
/// <remarks>
/// Slots are the room's, not the receiver's: whoever speaks is in the same slot for everyone. Nobody hears himself, so a
/// speaker has one slot to spare; that is how N slots carry N+1 people who all hear each other: the one in the extra slot
/// is heard by each other speaker in that speaker's own (<see cref="SlotFor"/>).
/// </remarks>
internal sealed class Room
{
    public const int NoSlot = -1;

    private readonly Dictionary<uint, RoomMember> _byNumber = [];
    private readonly List<RoomMember> _members = [];

    public Room(RoomKey key, int slots, DtlsContext dtls)
    {
        Key = key;
        Slots = slots;
        Dtls = dtls;
        Speakers = new LoudestSpeakers(slots + 1);
    }

    public RoomKey Key { get; }

    /// <summary>Forwarded streams per receiver.</summary>
    public int Slots { get; }

    public DtlsContext Dtls { get; }

    public LoudestSpeakers Speakers { get; }

    public DominantSpeaker Dominant { get; } = new();

    public List<RoomMember> Members => _members;

    public RoomMember? Find(uint number) => _byNumber.GetValueOrDefault(number);

    public void Add(RoomMember member)
    {
        member.Index = _members.Count;
        _members.Add(member);
        _byNumber.Add(member.Number, member);
        Resize();
    }

    /// <summary>The last member takes the place of the one who goes, so that indexes stay dense.</summary>
    public void Remove(RoomMember member)
    {
        _byNumber.Remove(member.Number);
        var last = _members[^1];
        _members[member.Index] = last;
        last.Index = member.Index;
        _members.RemoveAt(_members.Count - 1);
        Resize();
    }

    /// <summary>Where <paramref name="receiver"/> hears whoever holds the room's <paramref name="slot"/>.</summary>
    public int SlotFor(RoomMember receiver, int slot) => slot < Slots ? slot : Speakers.SlotOf(receiver.Index);

    private void Resize()
    {
    }
}
