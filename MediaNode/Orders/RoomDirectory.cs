using System.Collections.Concurrent;
using Hype.MediaNode.Dtls;
using Hype.MediaNode.Rooms;
using Hype.MediaNode.Workers;

namespace Hype.MediaNode.Orders;

/// <param name="Dtls">The certificate that it was opened with first: its transports show that one for as long as it lives.</param>
internal sealed record OpenedRoom(MediaWorker Worker, DtlsContext Dtls);

/// <summary>
/// Which worker has a room, and the newest epoch that was asked for of each channel: the fence against a control plane
/// that was away and still believes in an old layout.
/// </summary>
internal sealed class RoomDirectory(WorkerPool pool)
{
    // A fence is needed as long as a stale order can be on its way; channels beyond this are forgotten, oldest first.
    private const int MaxFences = 100_000;

    private readonly ConcurrentDictionary<RoomKey, OpenedRoom> _rooms = new();

    // Held while a room's order is posted: the mailbox keeps the order, so that no room is opened behind its closing.
    private readonly Lock _lock = new();
    private readonly Dictionary<string, uint> _newestEpoch = [];
    private readonly Queue<string> _fenceOrder = new();

    /// <summary>Every room of this node, as of now.</summary>
    public ICollection<RoomKey> Rooms => _rooms.Keys;

    public MediaWorker? Find(RoomKey key) => _rooms.GetValueOrDefault(key)?.Worker;

    /// <summary>
    /// The room, or null when a newer epoch of the channel is known. One that is there is answered even then: while a channel moves
    /// to the newer, whoever still talks in the old one has lost nothing.
    /// </summary>
    public async Task<OpenedRoom?> OpenAsync(RoomKey key, int slots, DtlsContext dtls)
    {
        OpenedRoom? room;
        Task opened;
        lock (_lock)
        {
            if (!_rooms.TryGetValue(key, out room))
            {
                if (!TryRaiseFence(key))
                    return null;
                _rooms[key] = room = new OpenedRoom(pool.LeastLoaded, dtls);
            }
            opened = room.Worker.Mailbox.PostAsync(() => room.Worker.OpenRoom(key, slots, dtls));
        }
        await opened;
        return room;
    }

    public async Task CloseAsync(RoomKey key)
    {
        Task closed;
        lock (_lock)
        {
            if (!_rooms.TryRemove(key, out var room))
                return;
            closed = room.Worker.Mailbox.PostAsync(() => room.Worker.CloseRoom(key));
        }
        await closed;
    }

    private bool TryRaiseFence(RoomKey key)
    {
        if (_newestEpoch.TryGetValue(key.Channel, out var newest))
        {
            _newestEpoch[key.Channel] = Math.Max(newest, key.Epoch);
            return key.Epoch >= newest;
        }
        _newestEpoch[key.Channel] = key.Epoch;
        _fenceOrder.Enqueue(key.Channel);
        if (_fenceOrder.Count > MaxFences)
            _newestEpoch.Remove(_fenceOrder.Dequeue());
        return true;
    }
}
