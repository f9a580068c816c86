using Hype.Grains.Abstractions.MediaNodes;

namespace Hype.Grains.MediaNodes;

/// <summary>
/// Tracks the rooms on a node, each with the time until which its channel must renew it; nothing is stored. A room that is not renewed is
/// closed: if the grain of a channel was killed after it opened a room and before it stored the room, no later activation knows the room.
/// </summary>
/// <param name="renewal">The interval in which channels renew their rooms.</param>
internal sealed class RoomLedger(TimeSpan renewal)
{
    /// <summary>The number of missed renewals after which a room counts as forgotten by its channel.</summary>
    internal const int MissedRenewals = 3;

    /// <summary>The time after which the order to close a room is repeated if the node did not confirm it.</summary>
    internal static readonly TimeSpan CloseRetry = TimeSpan.FromSeconds(5);

    private readonly Dictionary<HeldRoom, TimeSpan> _renewBefore = [];

    /// <summary>The rooms with an order to close them that the node has not confirmed.</summary>
    private readonly HashSet<HeldRoom> _closing = [];

    /// <summary>The channels that have rooms on the node.</summary>
    public ChannelId[] Channels => [.. _renewBefore.Keys.Select(room => room.Channel).Distinct()];

    /// <summary>Starts the renewal period of a room again, because its channel opened or renewed it.</summary>
    public void Renew(HeldRoom room, TimeSpan now)
    {
        _renewBefore[room] = now + Lifetime;
        _closing.Remove(room);
    }

    /// <summary>Adds a room that the node reported. If the room is known already, its renewal period does not change.</summary>
    public void Found(HeldRoom room, TimeSpan now) => _renewBefore.TryAdd(room, now + Lifetime);

    /// <summary>Returns whether a channel may use a room: the room is on the node, and no channel has closed it.</summary>
    public bool IsInUse(HeldRoom room) => _renewBefore.ContainsKey(room) && !_closing.Contains(room);

    /// <summary>
    /// Records that a room is being closed. Unless <see cref="Remove"/> follows within <see cref="CloseRetry"/>, <see cref="Forgotten"/>
    /// returns the room, so that it is closed again.
    /// </summary>
    public void Closing(HeldRoom room, TimeSpan now)
    {
        _renewBefore[room] = now + CloseRetry;
        _closing.Add(room);
    }

    /// <summary>Moves the ends of the renewal periods by a time in which this silo could not process renewals.</summary>
    public void Excuse(TimeSpan pause, TimeSpan now)
    {
        foreach (var (room, before) in _renewBefore.ToArray())
        {
            if (!_closing.Contains(room))
                _renewBefore[room] = before + pause < now + Lifetime ? before + pause : now + Lifetime;
        }
    }

    /// <summary>Removes a room that the node does not hold.</summary>
    public void Remove(HeldRoom room)
    {
        _renewBefore.Remove(room);
        _closing.Remove(room);
    }

    /// <summary>Returns the rooms whose renewal period has ended; the node must close them.</summary>
    public HeldRoom[] Forgotten(TimeSpan now) => [.. _renewBefore.Where(room => room.Value < now).Select(room => room.Key)];

    public void Clear()
    {
        _renewBefore.Clear();
        _closing.Clear();
    }

    private TimeSpan Lifetime => renewal * MissedRenewals;
}
