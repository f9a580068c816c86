using Hype.MediaNode.Cascade;
using Hype.MediaNode.Dtls;
using Hype.MediaNode.Speakers;

namespace Hype.MediaNode.Rooms;

/// <summary>
/// The members of one channel on one worker, and who of them is heard. Belongs to the worker's thread.
/// </summary>
/// <remarks>
/// Slots are the room's, not the receiver's: whoever speaks is in the same slot for everyone. Nobody hears himself, so a
/// speaker has one slot to spare; that is how N slots carry N+1 people who all hear each other without any selection: the one
/// in the extra slot is heard by each other member in that member's own (<see cref="SlotFor"/>). In a room with links N slots are N.
/// </remarks>
internal sealed class Room
{
    private readonly Dictionary<uint, RoomMember> _byNumber = [];
    private readonly List<RoomMember> _members = [];
    private uint _stretches;

    public Room(RoomKey key, int slots, DtlsContext dtls)
    {
        Key = key;
        Slots = slots;
        Dtls = dtls;
        Speakers = new LoudestSpeakers(slots + 1);
        Cascade = new RoomCascade(this);
    }

    public RoomKey Key { get; }

    /// <summary>Forwarded streams per receiver.</summary>
    public int Slots { get; }

    public DtlsContext Dtls { get; }

    /// <summary>Who is heard here: of the members, and of those who are heard over links.</summary>
    public LoudestSpeakers Speakers { get; }

    public DominantSpeaker Dominant { get; } = new();

    /// <summary>The dominant speaker that the control plane was told of; 0: nobody.</summary>
    public uint AnnouncedDominant { get; set; }

    public List<RoomMember> Members => _members;

    /// <summary>The other rooms of the channel.</summary>
    public RoomCascade Cascade { get; }

    public RoomMember? Find(uint number) => _byNumber.GetValueOrDefault(number);

    public void Add(RoomMember member)
    {
        // Whoever is being moved here is heard over a link already, and keeps its slot.
        if (Cascade.Find(member.Number) is null)
            Enter(member.Id);
        _members.Add(member);
        _byNumber.Add(member.Number, member);
        Cascade.Add(member);
        Seat();
    }

    public void Remove(RoomMember member)
    {
        _members.Remove(member);
        _byNumber.Remove(member.Number);
        if (!Cascade.Remove(member))
            Leave(member.Id);
        Seat();
    }

    public void Add(CascadeLink link)
    {
        Cascade.Add(link);
        Seat();
    }

    public void Remove(CascadeLink link)
    {
        Cascade.Remove(link);
        Seat();
    }

    /// <summary>Someone may be heard from now on: a member, or one who is heard over a link.</summary>
    public void Enter(int speaker)
    {
        Speakers.Add(speaker);
        Dominant.Add(speaker);
    }

    public void Leave(int speaker)
    {
        Speakers.Remove(speaker, out _);
        Dominant.Remove(speaker);
    }

    /// <summary>A number that no stretch of speech in this room had before (<see cref="SpeechStretch"/>).</summary>
    public uint NewStretch() => ++_stretches;

    /// <summary>Where <paramref name="receiver"/> hears whoever holds the room's <paramref name="slot"/>; null: nowhere.</summary>
    public int? SlotFor(RoomMember receiver, int slot) => slot < Slots ? slot : Speakers.SlotOf(receiver.Id);

    // Up to N+1 members everyone has a seat and keeps it, silent or not; above, the N seats are for who speaks. So are they where
    // others are heard over links: nobody here knows how many they are, and who comes from outside has no slot of its own to spare.
    private void Seat()
    {
        var everyone = !Cascade.IsLinked && _members.Count <= Slots + 1;
        Speakers.Limit(everyone ? Slots + 1 : Slots, keepSilent: everyone);
        if (!everyone)
            return;
        foreach (var member in _members)
            Speakers.Seat(member.Id);
    }
}
