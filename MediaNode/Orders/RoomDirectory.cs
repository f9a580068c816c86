using System.Collections.Concurrent;
using Hype.MediaNode.Dtls;
using Hype.MediaNode.Rooms;
using Hype.MediaNode.Workers;

namespace Hype.MediaNode.Orders;

/// <param name="Dtls">The certificate that the room was opened with first: its endpoints show it for as long as the room exists.</param>
internal sealed record OpenedRoom(MediaWorker Worker, DtlsContext Dtls);

/// <summary>
/// Finds the worker of a room, and stores the newest room epoch of each channel. The epoch fences off a control plane that was away and
/// still uses an old layout.
/// </summary>
internal sealed class RoomDirectory(WorkerPool pool)
{
    // A fence is needed for as long as a stale order can be on its way; beyond this number the oldest channels are forgotten.
    private const int MaxFences = 100_000;

    private readonly ConcurrentDictionary<RoomKey, OpenedRoom> _rooms = new();

    // Held while a room's command is posted: the mailbox preserves the sequence, so that no room is opened after its close.
    private readonly Lock _lock = new();
    private readonly Dictionary<string, RoomEpoch> _newestEpoch = [];
    private readonly Queue<string> _fenceOrder = new();

    /// <summary>All rooms of this node at this moment.</summary>
    public ICollection<RoomKey> Rooms => _rooms.Keys;

    public MediaWorker? Find(RoomKey key) => _rooms.GetValueOrDefault(key)?.Worker;

    /// <summary>
    /// Opens a room. Null if a newer epoch of the channel is known. An existing room is returned even then: while a channel moves to the
    /// newer epoch, members that still talk in the old one lose nothing.
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
            _newestEpoch[key.Channel] = RoomEpoch.Max(newest, key.Epoch);
            return key.Epoch >= newest;
        }
        _newestEpoch[key.Channel] = key.Epoch;
        _fenceOrder.Enqueue(key.Channel);
        if (_fenceOrder.Count > MaxFences)
            _newestEpoch.Remove(_fenceOrder.Dequeue());
        return true;
    }
}
