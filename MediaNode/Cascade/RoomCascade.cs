using Hype.MediaNode.Rooms;
using Hype.MediaNode.Speakers;

namespace Hype.MediaNode.Cascade;

/// <summary>
/// What a room has that shares its channel with other rooms: its links, who of its own members is sent over them, and who is heard
/// over them.
/// </summary>
internal sealed class RoomCascade(Room room)
{
    private readonly List<CascadeLink> _links = [];
    private readonly HashSet<string> _names = [];
    private readonly Dictionary<uint, RemoteSpeaker> _remotes = [];

    public bool IsLinked => _links.Count > 0;

    public List<CascadeLink> Links => _links;

    /// <summary>
    /// The loudest among the room's own members, with as many slots as a link has; null while there are no links. A selection of its
    /// own: in a room that listens to louder ones its members hold no slot, and still have to reach the others, where they may.
    /// </summary>
    public LoudestSpeakers? LocalSpeakers { get; private set; }

    /// <summary>Of the farthest link, µs; 0: of none.</summary>
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

    /// <summary>Is there, or was there ever, a link of this name?</summary>
    public bool HasHad(string name) => _names.Contains(name);

    public CascadeLink? Find(string name) => _links.Find(link => link.Name == name);

    public void Add(RoomMember member) => LocalSpeakers?.Add(member.Id);

    /// <summary>True: it is heard over a link still, having moved to another room.</summary>
    public bool Remove(RoomMember member)
    {
        LocalSpeakers?.Remove(member.Id, out _);
        if (Find(member.Number) is not { } speaker)
            return false;
        if (!speaker.ComesByLink)
            _remotes.Remove(member.Number);
        return speaker.ComesByLink;
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

    /// <summary>Whoever is heard by it is forgotten at once: the slots are for those who can be heard.</summary>
    public void Remove(CascadeLink link)
    {
        _links.Remove(link);
        foreach (var speaker in _remotes.Values)
        {
            if (!IsLinked || speaker.ComesBy(link))
                Forget(speaker);
        }
        if (!IsLinked)
            LocalSpeakers = null;
    }

    /// <summary>Null: not heard over links, lately.</summary>
    public RemoteSpeaker? Find(uint number) => _remotes.GetValueOrDefault(number);

    /// <summary>A packet of this speaker came over a link; null: it has been overtaken (see <see cref="RemoteSpeaker"/>).</summary>
    public RemoteSpeaker? Hear(uint number, CascadeLink link, long now)
    {
        if (_remotes.TryGetValue(number, out var known))
            return known.TryHear(link, now) ? known : null;
        var speaker = new RemoteSpeaker(number);
        _remotes.Add(number, speaker);
        var member = room.Find(number);
        speaker.Begin(link, wasHere: member?.Publisher.HeardAt is { } heardAt && now - heardAt < RemoteSpeaker.OvertakenFor, now);
        if (member is null)
            room.Enter(speaker.Id);
        return speaker;
    }

    /// <summary>Slots of those long silent, and those who have not been heard for long.</summary>
    public void Tick(long now)
    {
        while (LocalSpeakers is not null && LocalSpeakers.Tick(now, out _))
        {
        }
        foreach (var speaker in _remotes.Values)
        {
            if (now - speaker.HeardAt >= RemoteSpeaker.ForgetAfter)
                Forget(speaker);
        }
    }

    // A dictionary may lose entries while it is walked through.
    private void Forget(RemoteSpeaker speaker)
    {
        _remotes.Remove(speaker.Number);
        if (room.Find(speaker.Number) is null)
            room.Leave(speaker.Id);
    }
}
