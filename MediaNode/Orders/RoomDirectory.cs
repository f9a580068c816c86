using System.Collections.Concurrent;
using Hype.MediaNode.Dtls;
using Hype.MediaNode.Rooms;
using Hype.MediaNode.Workers;
using Proto = Hype.MediaNode.Orders.V1;

namespace Hype.MediaNode.Orders;

/// <param name="Dtls">The certificate that the room was opened with first: its endpoints show it for as long as the room exists.</param>
internal sealed record OpenedRoom(MediaWorker Worker, DtlsContext Dtls)
{
    /// <summary>The latest activation of the channel that has sent an order for the room.</summary>
    public ChannelIncarnation Incarnation { get; set; }
}

/// <summary>
/// Finds the worker of a room, and fences off outdated orders, so that a control plane that was cut off changes nothing. A room accepts no
/// order of an earlier activation of its channel than the latest one that sent it an order. No room is opened by an earlier activation
/// than the latest one that sent any order for the channel, or with an older epoch than the newest room of the channel.
/// </summary>
internal sealed class RoomDirectory(WorkerPool pool)
{
    // A fence is needed for as long as an outdated order can be on its way; beyond this number the oldest channels are forgotten.
    private const int MaxFences = 100_000;

    private readonly ConcurrentDictionary<RoomKey, OpenedRoom> _rooms = new();

    // Held while an order is compared with the fence and its command is posted. The mailbox preserves the sequence, so that no room is
    // opened after its close, and no order of an earlier activation is executed after one of a later activation.
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Fence> _fences = [];
    private readonly Queue<string> _fenceOrder = new();

    /// <summary>The keys of all rooms that this node has now.</summary>
    public ICollection<RoomKey> Rooms => _rooms.Keys;

    public bool Contains(RoomKey key) => _rooms.ContainsKey(key);

    /// <summary>
    /// Opens a room, or returns the existing one. Returns null if the room does not exist and a newer epoch of the channel is known. An
    /// existing room of an older epoch is still returned, so that its members remain connected while the channel moves to the newer epoch.
    /// </summary>
    /// <exception cref="OrderRefusedException">A later activation of the channel is known.</exception>
    public async Task<OpenedRoom?> OpenAsync(FencedRoom order, int slots, DtlsContext dtls)
    {
        var key = order.Key;
        OpenedRoom? room;
        Task opened;
        lock (_lock)
        {
            room = Find(order);
            if (room is null)
            {
                var fence = FenceOf(key.Channel);
                if (order.Incarnation < fence.Incarnation)
                    throw Superseded();
                if (key.Epoch < fence.Epoch)
                    return null;
                fence.Epoch = key.Epoch;
                _rooms[key] = room = new OpenedRoom(pool.LeastLoaded, dtls) { Incarnation = order.Incarnation };
            }

            opened = room.Worker.Mailbox.PostAsync(() => room.Worker.OpenRoom(key, slots, dtls));
        }

        await opened;
        return room;
    }

    /// <summary>Posts a command to the worker of a room; returns null if this node has no such room.</summary>
    /// <exception cref="OrderRefusedException">A later activation of the channel uses the room.</exception>
    public Task<T>? PostAsync<T>(FencedRoom order, Func<MediaWorker, T> command)
    {
        lock (_lock)
            return Find(order) is { Worker: var worker } ? worker.Mailbox.PostAsync(() => command(worker)) : null;
    }

    /// <exception cref="OrderRefusedException">A later activation of the channel uses the room.</exception>
    public async Task CloseAsync(FencedRoom order)
    {
        var key = order.Key;
        Task closed;
        lock (_lock)
        {
            // A room that no activation renews is closed by the node's grain, which may not know the latest one.
            var room = order.Incarnation == ChannelIncarnation.None ? _rooms.GetValueOrDefault(key) : Find(order);
            if (room is null)
                return;
            _rooms.TryRemove(key, out _);
            closed = room.Worker.Mailbox.PostAsync(() => room.Worker.CloseRoom(key));
        }

        await closed;
    }

    /// <summary>Raises the fences of an order's channel and room, and returns the room.</summary>
    private OpenedRoom? Find(FencedRoom order)
    {
        var fence = FenceOf(order.Key.Channel);
        fence.Incarnation = ChannelIncarnation.Max(fence.Incarnation, order.Incarnation);
        if (!_rooms.TryGetValue(order.Key, out var room))
            return null;
        if (order.Incarnation < room.Incarnation)
            throw Superseded();
        room.Incarnation = order.Incarnation;
        return room;
    }

    private Fence FenceOf(string channel)
    {
        if (_fences.TryGetValue(channel, out var known))
            return known;
        var fence = _fences[channel] = new Fence();
        _fenceOrder.Enqueue(channel);
        if (_fenceOrder.Count > MaxFences)
            _fences.Remove(_fenceOrder.Dequeue());
        return fence;
    }

    private static OrderRefusedException Superseded() =>
        new(Proto.OutcomeCode.Superseded, "a later activation of this channel is known");

    /// <summary>The fence of a channel, for the rooms that are not open.</summary>
    private sealed class Fence
    {
        /// <summary>The epoch of the newest room.</summary>
        public RoomEpoch Epoch { get; set; }

        /// <summary>The latest activation of the channel that has sent an order.</summary>
        public ChannelIncarnation Incarnation { get; set; }
    }
}
