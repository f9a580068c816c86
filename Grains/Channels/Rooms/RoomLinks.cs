using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Cascade;
using Hype.Grains.Channels.Layouts;

namespace Hype.Grains.Channels.Rooms;

/// <summary>
/// The links between the rooms of each announced layout: they follow the rooms. One that could not be made, or over which nothing
/// comes any more, is made anew with other keys. After a restart of the grain those that both ends still have are taken over.
/// </summary>
internal sealed class RoomLinks(LayoutTransition layouts, long incarnation, Action<ChannelEffect> emit)
{
    /// <summary>Between two attempts at one link; and as long, both ends' news of a loss are one loss.</summary>
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    /// <summary>For so long members wait for a link before they move from one room to another; then they move without.</summary>
    private static readonly TimeSpan LinkPatience = TimeSpan.FromSeconds(2);

    private readonly Dictionary<RoomPair, Link> _links = [];
    private readonly Dictionary<string, Room> _found = [];
    private int _made;
    private DateTimeOffset _settledAt;

    public DateTimeOffset? NextDeadline => _links.Count == 0 ? null : _links.Values.Min(link => link.RetryAt ?? (link.Up || link.PatientUntil <= _settledAt ? null : link.PatientUntil));

    /// <summary>All of them, for those who ask.</summary>
    public IEnumerable<LinkExplanation> Explain() => _links.OrderBy(link => (link.Key.Low, link.Key.High)).Select(link => new LinkExplanation(link.Key.Low, link.Key.High, link.Value.Up));

    /// <summary>Do two rooms hear each other, so that who moves from one to the other misses nobody?</summary>
    public bool Joins(ActiveRoom one, ActiveRoom other, DateTimeOffset now) =>
        _links.TryGetValue(new RoomPair(one.Epoch, other.Epoch), out var link) && (link.Up || link.PatientUntil <= now);

    public void Linked(RoomPair pair, string name)
    {
        if (_links.TryGetValue(pair, out var link) && link.Name == name)
            _links[pair] = link with { Up = true };
    }

    public void Settle(DateTimeOffset now)
    {
        _settledAt = now;
        // Until every room has said what links it has, nobody knows which are missing.
        if (layouts.Announced.Any(layout => layout.Unverified))
            return;

        foreach (var (name, alone) in _found)
            emit(new UnlinkRoom(default, name, alone));
        _found.Clear();

        var rooms = layouts.Announced.SelectMany(layout => layout.Rooms).ToDictionary(room => room.Epoch, room => room.Room);
        var wanted = layouts.Announced.Where(layout => layout.Rooms.Count > 1).SelectMany(layout => CascadePlanner.Links(layout.Rooms.Select(room => room.Epoch))).ToHashSet();
        foreach (var (pair, link) in _links.Where(link => !wanted.Contains(link.Key)).ToArray())
        {
            _links.Remove(pair);
            // A room that is closed closes its ends; the other room has to be told.
            foreach (var epoch in new[] { pair.Low, pair.High })
            {
                if (rooms.TryGetValue(epoch, out var survivor))
                    emit(new UnlinkRoom(pair, link.Name, survivor));
            }
        }

        foreach (var pair in wanted)
        {
            var known = _links.TryGetValue(pair, out var link);
            if (known && !(link.RetryAt <= now))
                continue;

            var name = $"{pair}-{incarnation:x}.{++_made}";
            _links[pair] = new Link(name, now, null, Up: false, known ? link.PatientUntil : now + LinkPatience);
            emit(new LinkRooms(pair, name, rooms[pair.Low], rooms[pair.High], known ? link.Name : null));
        }
    }

    /// <summary>After a restart: a room has these links. One that its other room has too lives on; an end without another is taken away.</summary>
    public void Found(Room room, IEnumerable<string> names, DateTimeOffset now)
    {
        foreach (var name in names)
        {
            if (_found.Remove(name, out var other))
                _links[new RoomPair(room.Epoch, other.Epoch)] = new Link(name, now, null, Up: true, now);
            else
                _found.Add(name, room);
        }

    }

    public void Failed(RoomPair pair, DateTimeOffset now)
    {
        if (_links.TryGetValue(pair, out var link))
            _links[pair] = link with { RetryAt = now + RetryDelay };
    }

    public void Lost(string name, DateTimeOffset now)
    {
        foreach (var (pair, link) in _links)
        {
            if (link.Name == name && link.RetryAt is null && now - link.Since > RetryDelay)
            {
                _links[pair] = link with { RetryAt = now };
                return;
            }
        }
    }

    /// <summary>Nothing is kept open.</summary>
    public void Clear() => _links.Clear();

    private readonly record struct Link(string Name, DateTimeOffset Since, DateTimeOffset? RetryAt, bool Up, DateTimeOffset PatientUntil);
}
