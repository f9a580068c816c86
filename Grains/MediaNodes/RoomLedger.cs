using Hype.Grains.Abstractions.MediaNodes;

namespace Hype.Grains.MediaNodes;

/// <summary>
/// Tracks the rooms on a node, each with the time until which its channel must renew it; nothing is stored. A room that is not renewed is
/// closed: if the grain of a channel was killed after it opened a room and before it stored the room, no later activation knows the room.
/// The ledger ignores an earlier activation of the channel than the one that used the room last.
/// </summary>
/// <param name="renewal">The interval in which channels renew their rooms.</param>
internal sealed class RoomLedger(TimeSpan renewal)
{
    /// <summary>The number of missed renewals after which a room counts as forgotten by its channel.</summary>
    internal const int MissedRenewals = 3;

    /// <summary>The time after which the order to close a room is repeated if the node did not confirm it.</summary>
    internal static readonly TimeSpan CloseRetry = TimeSpan.FromSeconds(5);

    private readonly Dictionary<HeldRoom, Entry> _rooms = [];

    /// <summary>The channels that have rooms on the node.</summary>
    public ChannelId[] Channels => [.. _rooms.Keys.Select(room => room.Channel).Distinct()];

    /// <summary>Starts the renewal period of a room again, because its channel opened or renewed it.</summary>
    /// <param name="incarnation">The activation of the channel.</param>
    public void Renew(HeldRoom room, ulong incarnation, TimeSpan now)
    {
        if (incarnation >= IncarnationOf(room))
            _rooms[room] = new Entry(now + Lifetime, incarnation);
    }

    /// <summary>Adds a room that the node reported. If the room is known already, its renewal period does not change.</summary>
    public void Found(HeldRoom room, TimeSpan now) => _rooms.TryAdd(room, new Entry(now + Lifetime, Incarnation: 0));

    /// <summary>Returns whether a channel may use a room: the room is on the node, and no channel has closed it.</summary>
    public bool IsInUse(HeldRoom room) => _rooms.GetValueOrDefault(room) is { Closing: false };

    /// <summary>Returns the activation of the channel that used or closed a room last; 0 if none did.</summary>
    public ulong IncarnationOf(HeldRoom room) => _rooms.GetValueOrDefault(room)?.Incarnation ?? 0;

    /// <summary>
    /// Records that a room is being closed. Unless <see cref="Remove"/> follows within <see cref="CloseRetry"/>, <see cref="Forgotten"/>
    /// returns the room, so that it is closed again.
    /// </summary>
    public void Closing(HeldRoom room, ulong incarnation, TimeSpan now)
    {
        if (incarnation >= IncarnationOf(room))
            _rooms[room] = new Entry(now + CloseRetry, incarnation) { Closing = true };
    }

    /// <summary>Records that the node did not close a room, because a later activation of the channel uses it.</summary>
    public void Keep(HeldRoom room, ulong incarnation, TimeSpan now)
    {
        if (_rooms.GetValueOrDefault(room) is { Closing: true } entry && entry.Incarnation == incarnation)
            Renew(room, incarnation, now);
    }

    /// <summary>Moves the ends of the renewal periods by a time in which this silo could not process renewals.</summary>
    public void Excuse(TimeSpan pause, TimeSpan now)
    {
        foreach (var (room, entry) in _rooms.Where(room => !room.Value.Closing).ToArray())
        {
            var before = entry.RenewBefore + pause;
            _rooms[room] = entry with { RenewBefore = before < now + Lifetime ? before : now + Lifetime };
        }
    }

    /// <summary>Removes a room that the node does not hold, as the answer to an order of an activation shows.</summary>
    public void Remove(HeldRoom room, ulong incarnation)
    {
        if (incarnation >= IncarnationOf(room))
            _rooms.Remove(room);
    }

    /// <summary>Returns the rooms whose renewal period has ended; the node must close them.</summary>
    public HeldRoom[] Forgotten(TimeSpan now) => [.. _rooms.Where(room => room.Value.RenewBefore < now).Select(room => room.Key)];

    public void Clear() => _rooms.Clear();

    private TimeSpan Lifetime => renewal * MissedRenewals;

    private sealed record Entry(TimeSpan RenewBefore, ulong Incarnation)
    {
        /// <summary>The node has not confirmed yet that it closed the room.</summary>
        public bool Closing { get; init; }
    }
}
