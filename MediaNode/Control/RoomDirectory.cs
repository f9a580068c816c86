using System.Collections.Concurrent;
using Hype.MediaNode.Dtls;
using Hype.MediaNode.Rooms;
using Hype.MediaNode.Workers;

namespace Hype.MediaNode.Control;

/// <summary>
/// Which worker has a room, and the newest epoch that was asked for of each channel: the fence against a control plane
/// that was away and still believes in an old layout.
/// </summary>
internal sealed class RoomDirectory(WorkerPool pool)
{
    // A fence is needed as long as a stale order can be on its way; channels beyond this are forgotten, oldest first.
    private const int MaxFences = 100_000;

    private readonly ConcurrentDictionary<RoomKey, MediaWorker> _workers = new();

    // Held while a room's order is posted: the mailbox keeps the order, so that no room is opened behind its closing.
    private readonly Lock _lock = new();
    private readonly Dictionary<string, uint> _newestEpoch = [];
    private readonly Queue<string> _fenceOrder = new();

    /// <summary>Every room of this node, as of now.</summary>
    public ICollection<RoomKey> Rooms => _workers.Keys;

    public MediaWorker? Find(RoomKey key) => _workers.GetValueOrDefault(key);

    /// <summary>The room's worker, or null when a newer epoch of the channel is known.</summary>
    public async Task<MediaWorker?> OpenAsync(RoomKey key, int slots, DtlsContext dtls)
    {
        MediaWorker worker;
        Task opened;
        lock (_lock)
        {
            if (!TryRaiseFence(key))
                return null;
            worker = _workers.GetOrAdd(key, static (_, pool) => pool.LeastLoaded, pool);
            opened = worker.Mailbox.PostAsync(() => worker.OpenRoom(key, slots, dtls));
        }
        await opened;
        return worker;
    }

    public async Task CloseAsync(RoomKey key)
    {
        Task closed;
        lock (_lock)
        {
            if (!_workers.TryRemove(key, out var worker))
                return;
            closed = worker.Mailbox.PostAsync(() => worker.CloseRoom(key));
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
