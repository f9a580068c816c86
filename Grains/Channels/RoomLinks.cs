using Hype.Grains.Cascade;

namespace Hype.Grains.Channels;

/// <summary>
/// The links between the rooms of each announced layout: they follow the rooms. One that could not be made, or over which nothing
/// comes any more, is made anew with other keys.
/// </summary>
internal sealed class RoomLinks(LayoutTransition layouts, Action<ChannelEffect> emit)
{
    /// <summary>Between two attempts at one link; and as long, both ends' news of a loss are one loss.</summary>
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private readonly Dictionary<RoomPair, (DateTimeOffset Since, DateTimeOffset? RetryAt)> _links = [];

    public DateTimeOffset? NextDeadline => _links.Count == 0 ? null : _links.Values.Min(link => link.RetryAt);

    public void Settle(DateTimeOffset now)
    {
        var rooms = layouts.Announced.SelectMany(layout => layout.Rooms).ToDictionary(room => room.Epoch);
        var wanted = layouts.Announced.Where(layout => layout.Rooms.Count > 1).SelectMany(layout => CascadePlanner.Links(layout.Rooms.Select(room => room.Epoch))).ToHashSet();
        foreach (var pair in _links.Keys.Where(pair => !wanted.Contains(pair)).ToArray())
        {
            _links.Remove(pair);
            // A room that is closed closes its ends; the other room has to be told.
            foreach (var epoch in new[] { pair.Low, pair.High })
            {
                if (rooms.TryGetValue(epoch, out var survivor))
                    emit(new UnlinkRoom(pair, survivor.Room));
            }
        }

        foreach (var pair in wanted)
        {
            var known = _links.TryGetValue(pair, out var link);
            if (known && !(link.RetryAt <= now))
                continue;

            _links[pair] = (now, null);
            emit(new LinkRooms(pair, rooms[pair.Low].Room, rooms[pair.High].Room));
        }
    }

    public void Failed(RoomPair pair, DateTimeOffset now)
    {
        if (_links.TryGetValue(pair, out var link))
            _links[pair] = link with { RetryAt = now + RetryDelay };
    }

    /// <param name="name">As its ends know it.</param>
    public void Lost(string name, DateTimeOffset now)
    {
        foreach (var (pair, link) in _links)
        {
            if (pair.ToString() == name && link.RetryAt is null && now - link.Since > RetryDelay)
            {
                _links[pair] = link with { RetryAt = now };
                return;
            }
        }
    }

    /// <summary>Nothing is kept open.</summary>
    public void Clear() => _links.Clear();
}
