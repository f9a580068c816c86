using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Cascade;
using Hype.Grains.Channels.Effects;
using Hype.Grains.Channels.Orders;
using Hype.Grains.Channels.Rooms;

namespace Hype.Grains.Channels.Layouts;

/// <summary>
/// Manages the links between the rooms of each announced layout. A link that could not be made, or that no longer carries packets, is made
/// again with other keys. After a restart of the grain, links that both ends still have are taken over.
/// </summary>
internal sealed class RoomLinks(LayoutTransition layouts, EffectList effects, long incarnation)
{
    /// <summary>
    /// The pause between two attempts to make one link. Within this time, reports of a loss from both ends count as one loss.
    /// </summary>
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    /// <summary>The time for which members wait for a link before they move from one room to another; then they move without it.</summary>
    private static readonly TimeSpan LinkTimeout = TimeSpan.FromSeconds(2);

    private readonly Dictionary<RoomPair, Link> _links = [];
    private readonly Dictionary<string, Room> _unpaired = [];
    private int _made;
    private DateTimeOffset _reconciledAt;

    public DateTimeOffset? NextDeadline => _links.Count == 0
        ? null
        : _links.Values.Min(link => link.RetryAt ?? (link.Up || link.WaitUntil <= _reconciledAt ? null : link.WaitUntil));

    /// <summary>Returns all links, for diagnosis.</summary>
    public IEnumerable<LinkExplanation> Explain() => _links
        .OrderBy(link => (link.Key.Low, link.Key.High))
        .Select(link => new LinkExplanation(link.Key.Low, link.Key.High, link.Value.Up));

    /// <summary>
    /// True if members of the two rooms hear each other, so that a member can move from one to the other without a gap; also true after a
    /// timeout.
    /// </summary>
    public bool Connects(ActiveRoom one, ActiveRoom other, DateTimeOffset now) =>
        _links.TryGetValue(new RoomPair(one.Epoch, other.Epoch), out var link) && (link.Up || link.WaitUntil <= now);

    /// <summary>Records that both ends have the link.</summary>
    public void OnLinked(RoomPair pair, string name)
    {
        if (_links.TryGetValue(pair, out var link) && link.Name == name)
            _links[pair] = link with { Up = true };
    }

    /// <summary>Makes missing links, removes links of closed rooms, and makes failed and lost links again.</summary>
    public void Reconcile(DateTimeOffset now)
    {
        _reconciledAt = now;
        // The missing links are known only when every room has listed its links.
        if (layouts.Announced.Any(layout => layout.Unverified))
            return;
        foreach (var (name, room) in _unpaired)
            effects.Add(new UnlinkRoom(default, name, room));
        _unpaired.Clear();

        var rooms = layouts.Announced.SelectMany(layout => layout.Rooms).ToDictionary(room => room.Epoch, room => room.Room);
        var wanted = layouts.Announced
            .SelectMany(layout => CascadePlanner.Links(layout.Rooms.Select(room => room.Epoch)))
            .ToHashSet();
        foreach (var (pair, link) in _links.Where(link => !wanted.Contains(link.Key)).ToArray())
        {
            _links.Remove(pair);
            // A closed room has no link ends any more; the other room must remove its own.
            foreach (var epoch in new[] { pair.Low, pair.High })
            {
                if (rooms.TryGetValue(epoch, out var survivor))
                    effects.Add(new UnlinkRoom(pair, link.Name, survivor));
            }
        }

        foreach (var pair in wanted)
        {
            var known = _links.TryGetValue(pair, out var link);
            if (known && !(link.RetryAt <= now))
                continue;
            var name = $"{pair}-{incarnation:x}.{++_made}";
            _links[pair] = new Link(name, now, null, Up: false, known ? link.WaitUntil : now + LinkTimeout);
            effects.Add(new LinkRooms(pair, name, rooms[pair.Low], rooms[pair.High], known ? link.Name : null));
        }
    }

    /// <summary>
    /// Takes over a room's links after a restart of the grain. A link that both rooms list continues; a link with a single end is removed.
    /// </summary>
    public void OnLinksListed(Room room, IEnumerable<string> names, DateTimeOffset now)
    {
        foreach (var name in names)
        {
            if (_unpaired.Remove(name, out var other))
                _links[new RoomPair(room.Epoch, other.Epoch)] = new Link(name, now, null, Up: true, now);
            else
                _unpaired.Add(name, room);
        }
    }

    /// <summary>Schedules another attempt at a link that could not be made.</summary>
    public void OnLinkFailed(RoomPair pair, DateTimeOffset now)
    {
        if (_links.TryGetValue(pair, out var link))
            _links[pair] = link with { RetryAt = now + RetryDelay };
    }

    /// <summary>Schedules the replacement of a link of which one end receives no packets any more.</summary>
    public void OnLinkLost(string name, DateTimeOffset now)
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

    /// <summary>Forgets all links. A closed room removes its own ends of them.</summary>
    public void Clear() => _links.Clear();

    private readonly record struct Link(string Name, DateTimeOffset Since, DateTimeOffset? RetryAt, bool Up, DateTimeOffset WaitUntil);
}
