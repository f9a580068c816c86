using System.Threading.Channels;

namespace Hype.Gateway.Signaling.Replica;

/// <summary>
/// The sockets of this gateway, and a replica of each channel that they are in. A replica exists from the first join that is sent to its
/// channel until the last socket of the channel is closed.
/// </summary>
internal sealed class SessionRegistry
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ChannelId, Entry> _channels = [];
    private readonly HashSet<ISignalingSocket> _sockets = [];
    private readonly Channel<ChannelReplica> _requests = Channel.CreateUnbounded<ChannelReplica>();

    /// <summary>The queue of replicas that need a snapshot; a replica is in the queue at most once.</summary>
    public ChannelReader<ChannelReplica> SnapshotRequests => _requests.Reader;

    public ISignalingSocket[] Sockets
    {
        get
        {
            lock (_gate)
                return [.. _sockets];
        }
    }

    /// <summary>
    /// Counts one more socket of a client that is in the channel or is about to join it, and returns the channel's replica; the first
    /// socket creates it.
    /// </summary>
    public ChannelReplica Enter(ChannelId channel)
    {
        lock (_gate)
        {
            if (!_channels.TryGetValue(channel, out var entry))
                _channels[channel] = entry = new Entry(channel);
            entry.Users++;
            return entry.Replica;
        }
    }

    public void Exit(ChannelReplica replica)
    {
        lock (_gate)
        {
            if (--_channels[replica.Channel].Users == 0)
                _channels.Remove(replica.Channel);
        }
    }

    /// <summary>
    /// Finds a channel's replica; null when no socket of this gateway is in the channel, and its late events can be dropped.
    /// </summary>
    public ChannelReplica? Find(ChannelId channel)
    {
        lock (_gate)
            return _channels.GetValueOrDefault(channel)?.Replica;
    }

    public bool IsLive(ChannelReplica replica) => Find(replica.Channel) == replica;

    public void RequestSnapshot(ChannelReplica replica)
    {
        lock (_gate)
        {
            if (!_channels.TryGetValue(replica.Channel, out var entry) || entry.Replica != replica || entry.SnapshotRequested)
                return;
            entry.SnapshotRequested = true;
        }

        _requests.Writer.TryWrite(replica);
    }

    public void RequestAllSnapshots()
    {
        ChannelReplica[] replicas;
        lock (_gate)
            replicas = [.. _channels.Values.Select(entry => entry.Replica)];
        foreach (var replica in replicas)
            RequestSnapshot(replica);
    }

    /// <summary>Marks a replica's snapshot request as handled, so that a later gap requests another snapshot.</summary>
    public void BeginSync(ChannelReplica replica)
    {
        lock (_gate)
        {
            if (_channels.TryGetValue(replica.Channel, out var entry))
                entry.SnapshotRequested = false;
        }
    }

    public void Add(ISignalingSocket socket)
    {
        lock (_gate)
            _sockets.Add(socket);
    }

    public void Remove(ISignalingSocket socket)
    {
        lock (_gate)
            _sockets.Remove(socket);
    }

    private sealed class Entry(ChannelId channel)
    {
        public ChannelReplica Replica { get; } = new(channel);

        /// <summary>The number of sockets that are in the channel or are about to join it.</summary>
        public int Users { get; set; }

        public bool SnapshotRequested { get; set; }
    }
}
