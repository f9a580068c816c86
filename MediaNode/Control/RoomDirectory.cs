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
    private readonly Dictionary<string, uint> _newestEpoch = [];
    private readonly Queue<string> _fenceOrder = new();
    private readonly Lock _lock = new();

    public MediaWorker? Find(RoomKey key) => _workers.GetValueOrDefault(key);

    /// <summary>The room's worker, or null when a newer epoch of the channel is known.</summary>
    public async Task<MediaWorker?> OpenAsync(RoomKey key, int slots, DtlsContext dtls)
    {
        if (!TryRaiseFence(key))
            return null;
        var worker = _workers.GetOrAdd(key, static (_, pool) => pool.LeastLoaded, pool);
        await worker.Mailbox.PostAsync(() => worker.OpenRoom(key, slots, dtls));
        return worker;
    }

    public async Task CloseAsync(RoomKey key)
    {
        if (_workers.TryRemove(key, out var worker))
            await worker.Mailbox.PostAsync(() => worker.CloseRoom(key));
    }

    private bool TryRaiseFence(RoomKey key)
    {
        lock (_lock)
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
}
