using Hype.MediaNode.Rooms;
using Hype.MediaNode.Rtp;
using Hype.MediaNode.Speakers;

namespace Hype.MediaNode.Cascade;

/// <summary>
/// The part of a room that concerns other rooms of the channel: the links to them, the selection of this room's own members for the links,
/// and the speakers received over the links.
/// </summary>
internal sealed class RoomCascade(Room room)
{
    /// <summary>
    /// The maximum number of speakers that one link has per slot. A link carries one speaker per slot at a time; the others were heard
    /// within the last <see cref="RemoteSpeaker.ForgetAfter"/>, or <see cref="RemoteSpeaker.ForgetSteadyAfter"/>.
    /// </summary>
    public const int SpeakersPerSlot = 4;

    private readonly List<CascadeLink> _links = [];
    private readonly HashSet<string> _names = [];
    private readonly TokenBucket[] _paces = SlotPace.ForSlots(room.Slots, room.Pace);
    private readonly Dictionary<MemberNumber, RemoteSpeaker> _remotes = [];

    public bool IsLinked => _links.Count > 0;

    public List<CascadeLink> Links => _links;

    /// <summary>
    /// The selection of the room's own members that the links carry, with as many slots as a link; null while there are no links. It is
    /// separate from the room's selection for its receivers: even if louder speakers of other rooms hold all slots of this room, its
    /// members must reach the rooms in which they are audible.
    /// </summary>
    public LoudestSpeakers? LocalSpeakers { get; private set; }

    /// <summary>Returns the pace of a slot of the links (<see cref="SlotPace"/>).</summary>
    public ref TokenBucket PaceOf(int slot) => ref _paces[slot];

    /// <summary>The round trip of the link with the longest one, µs; 0 if no link has measured one.</summary>
    public long RoundTrip
    {
        get
        {
            var longest = 0L;
            foreach (var link in _links)
                longest = Math.Max(longest, link.RoundTrip ?? 0);
            return longest;
        }
    }

    /// <summary>Returns true if the room has, or had, a link with this name.</summary>
    public bool HadLink(string name) => _names.Contains(name);

    public CascadeLink? Find(string name) => _links.Find(link => link.Name == name);

    public void Add(RoomMember member) => LocalSpeakers?.Add(member.Number);

    /// <summary>Removes a member. Returns true if the member is still heard over a link, because it has moved to another room.</summary>
    public bool Remove(RoomMember member)
    {
        LocalSpeakers?.Remove(member.Number);
        if (Find(member.Number) is not { } speaker)
            return false;
        if (!speaker.IsOverLink)
            _remotes.Remove(member.Number);
        return speaker.IsOverLink;
    }

    public void Add(CascadeLink link)
    {
        _names.Add(link.Name);
        _links.Add(link);
        if (LocalSpeakers is not null)
            return;
        LocalSpeakers = new LoudestSpeakers(room.Slots);
        foreach (var member in room.Members)
            Add(member);
    }

    /// <summary>Removes a link and the speakers that were received over it, so that their slots are free at once.</summary>
    public void Remove(CascadeLink link)
    {
        _links.Remove(link);
        foreach (var speaker in _remotes.Values)
        {
            if (!IsLinked || speaker.IsOver(link))
                Forget(speaker);
        }

        if (!IsLinked)
            LocalSpeakers = null;
    }

    /// <summary>Returns the speaker with this number, or null if no link has recently carried it.</summary>
    public RemoteSpeaker? Find(MemberNumber number) => _remotes.GetValueOrDefault(number);

    /// <summary>
    /// Records a packet of a speaker that arrived over a link, and returns the speaker. Returns null if the packet is late, because newer
    /// packets have arrived on another path (<see cref="RemoteSpeaker"/>).
    /// </summary>
    public RemoteSpeaker? Accept(MemberNumber number, CascadeLink link, long now)
    {
        if (_remotes.TryGetValue(number, out var known))
            return known.TryAccept(link, now) ? known : null;
        ForgetExcess(link);
        var speaker = new RemoteSpeaker(number);
        _remotes.Add(number, speaker);
        var member = room.Find(number);
        speaker.Begin(link, wasHere: member?.Publisher.HeardAt is { } heardAt && now - heardAt < RemoteSpeaker.OvertakenFor, now);
        if (member is null)
            room.Enter(number);
        return speaker;
    }

    /// <summary>Frees the link slots of silent members, and removes speakers of other rooms that have been silent for long.</summary>
    public void Tick(long now)
    {
        while (LocalSpeakers is not null && LocalSpeakers.Tick(now))
        {
        }

        foreach (var speaker in _remotes.Values)
        {
            var remembered = room.Speakers.IsSteady(speaker.Number, now) ? RemoteSpeaker.ForgetSteadyAfter : RemoteSpeaker.ForgetAfter;
            if (now - speaker.HeardAt >= remembered)
                Forget(speaker);
        }
    }

    // A faulty node must not fill this one's memory with speakers that do not exist: at the limit, a new speaker of a link replaces the
    // speaker of the same link that was heard least recently.
    private void ForgetExcess(CascadeLink link)
    {
        var count = 0;
        RemoteSpeaker? oldest = null;
        foreach (var speaker in _remotes.Values)
        {
            if (!speaker.IsOver(link))
                continue;
            count++;
            if (oldest is null || speaker.HeardAt < oldest.HeardAt)
                oldest = speaker;
        }

        if (count >= SpeakersPerSlot * room.Slots)
            Forget(oldest!);
    }

    // Entries of a dictionary may be removed during its enumeration.
    private void Forget(RemoteSpeaker speaker)
    {
        _remotes.Remove(speaker.Number);
        if (room.Find(speaker.Number) is null)
            room.Leave(speaker.Number);
    }
}
