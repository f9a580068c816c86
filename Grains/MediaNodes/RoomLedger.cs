using Hype.Grains.Abstractions.MediaNodes;

namespace Hype.Grains.MediaNodes;

/// <summary>
/// Tracks the rooms on a node as soft state, each with the time until which its channel must renew it. A room that is not renewed is
/// closed: a channel whose grain was killed between opening a room and storing it does not know that it has one.
/// </summary>
/// <param name="renewal">The interval in which channels renew their rooms.</param>
internal sealed class RoomLedger(TimeSpan renewal)
{
    /// <summary>The number of renewals that a channel may miss before its room counts as forgotten.</summary>
    internal const int MissedRenewals = 3;

    /// <summary>The time after which the closing of a room is retried if the node did not confirm it.</summary>
    internal static readonly TimeSpan CloseRetry = TimeSpan.FromSeconds(5);

    private readonly Dictionary<HeldRoom, TimeSpan> _renewBefore = [];

    /// <summary>The channels with rooms on the node.</summary>
    public ChannelId[] Channels => [.. _renewBefore.Keys.Select(room => room.Channel).Distinct()];

    /// <summary>Starts the renewal period of a room that its channel opens or renews.</summary>
    public void Renew(HeldRoom room, TimeSpan now) => _renewBefore[room] = now + Lifetime;

    /// <summary>Adds a room that the node reports. The renewal period of a known room does not change.</summary>
    public void Found(HeldRoom room, TimeSpan now) => _renewBefore.TryAdd(room, now + Lifetime);

    /// <summary>
    /// Records that the room is being closed. Unless <see cref="Remove"/> confirms it, the room counts as forgotten after
    /// <see cref="CloseRetry"/>.
    /// </summary>
    public void Closing(HeldRoom room, TimeSpan now) => _renewBefore[room] = now + CloseRetry;

    /// <summary>Removes a room that the node does not hold.</summary>
    public void Remove(HeldRoom room) => _renewBefore.Remove(room);

    /// <summary>Returns the rooms that no channel has renewed in time.</summary>
    public HeldRoom[] Forgotten(TimeSpan now) => [.. _renewBefore.Where(room => room.Value < now).Select(room => room.Key)];

    public void Clear() => _renewBefore.Clear();

    private TimeSpan Lifetime => renewal * MissedRenewals;
}
