using System.Collections.Concurrent;
using Hype.MediaNode.Dtls;
using Hype.MediaNode.Rooms;
using Hype.MediaNode.Workers;

namespace Hype.MediaNode.Orders;

/// <param name="Dtls">The certificate that the room was opened with first: its endpoints show it for as long as the room exists.</param>
internal sealed record OpenedRoom(MediaWorker Worker, DtlsContext Dtls);

/// <summary>
/// Finds the worker of a room, and stores the newest room epoch of each channel. A room of an older epoch is not opened, so that a control
/// plane that was cut off cannot create rooms of an old layout.
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

    /// <summary>The keys of all rooms that this node has now.</summary>
    public ICollection<RoomKey> Rooms => _rooms.Keys;

    public MediaWorker? Find(RoomKey key) => _rooms.GetValueOrDefault(key)?.Worker;

    /// <summary>
    /// Opens a room, or returns the existing one. Returns null if the room does not exist and a newer epoch of the channel is known. An
    /// existing room of an older epoch is still returned, so that its members remain connected while the channel moves to the newer epoch.
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
