using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Cascade;
using Hype.Grains.Channels.Effects;
using Hype.Grains.Channels.Orders;
using Hype.Grains.Channels.Rooms;

namespace Hype.Grains.Channels.Layouts;

/// <summary>
/// Creates, replaces and removes the links between the rooms of each announced layout. A link that could not be created, or that no longer
/// carries packets, is created again with other keys. After a restart of the grain, a link that both its rooms still have is continued.
/// </summary>
internal sealed class RoomLinks(LayoutTransition layouts, EffectList effects, long incarnation)
{
    /// <summary>
    /// The pause between two attempts to create a link. Reports of a loss from both rooms within this time count as one loss.
    /// </summary>
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    /// <summary>The time for which members wait for a link between two rooms before they move from one to the other without it.</summary>
    private static readonly TimeSpan LinkTimeout = TimeSpan.FromSeconds(2);

    private readonly Dictionary<RoomPair, Link> _links = [];
    private readonly Dictionary<string, Room> _unpaired = [];
    private int _made;
    private DateTimeOffset _reconciledAt;

    /// <summary>
    /// The time at which a link is created again, or members no longer wait for it. While a room has not listed its links, no link is
    /// created, so none is due.
    /// </summary>
    public DateTimeOffset? NextDeadline => _links.Count == 0 ? null : _links.Values.Min(DeadlineOf);

    /// <summary>Returns all links and their states, for operators.</summary>
    public IEnumerable<LinkExplanation> Explain() => _links
        .OrderBy(link => (link.Key.Low, link.Key.High))
        .Select(link => new LinkExplanation(link.Key.Low, link.Key.High, link.Value.Up));

    /// <summary>
    /// Returns true if a member may move between the two rooms: they are linked, so the move causes no gap in the audio, or
    /// <see cref="LinkTimeout"/> has passed.
    /// </summary>
    public bool Connects(ActiveRoom one, ActiveRoom other, DateTimeOffset now) =>
        _links.TryGetValue(new RoomPair(one.Epoch, other.Epoch), out var link) && (link.Up || link.WaitUntil <= now);

    /// <summary>Records that both rooms have created their end of the link.</summary>
    public void OnLinked(RoomPair pair, string name)
    {
        if (_links.TryGetValue(pair, out var link) && link.Name == name)
            _links[pair] = link with { Up = true };
    }

    /// <summary>Creates missing links, removes the links of closed rooms, and replaces failed and lost links.</summary>
    public void Reconcile(DateTimeOffset now)
    {
        _reconciledAt = now;
        // The missing links are known only when every room has listed its links.
        if (IsUnverified)
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
    /// Takes over the links that a node lists for a room after a restart of the grain. A link continues if both of its rooms list it;
    /// other links are removed.
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

    /// <summary>Schedules another attempt to create a link that could not be created.</summary>
    public void OnLinkFailed(RoomPair pair, DateTimeOffset now)
    {
        if (_links.TryGetValue(pair, out var link))
            _links[pair] = link with { RetryAt = now + RetryDelay };
    }

    /// <summary>Schedules the replacement of a link over which a room no longer receives packets.</summary>
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

    /// <summary>Forgets all links without orders to the nodes: a node removes the link ends of a room when it closes the room.</summary>
    public void Clear() => _links.Clear();

    private bool IsUnverified => layouts.Announced.Any(layout => layout.Unverified);

    private DateTimeOffset? DeadlineOf(Link link) =>
        !IsUnverified && link.RetryAt is { } retry ? retry
        : link.Up || link.WaitUntil <= _reconciledAt ? null
        : link.WaitUntil;

    private readonly record struct Link(string Name, DateTimeOffset Since, DateTimeOffset? RetryAt, bool Up, DateTimeOffset WaitUntil);
}
