using System.Threading.Channels;
using Hype.Grains.Abstractions.Channels;

namespace Hype.Gateway.Signaling.Replica;

/// <summary>
/// The channels that this gateway has sockets in, and the sockets themselves. A channel is known from the first join that
/// is asked of it until its last socket here is gone.
/// </summary>
internal sealed class SessionRegistry
{
    private sealed class Entry(ChannelId channel)
    {
        public ChannelView View { get; } = new(channel);

        /// <summary>Sockets that are in the channel or about to be.</summary>
        public int Users { get; set; }

        public bool WantsSnapshot { get; set; }
    }

    private readonly Lock _gate = new();
    private readonly Dictionary<ChannelId, Entry> _channels = [];
    private readonly HashSet<ISignalingSocket> _connections = [];
    private readonly Channel<ChannelView> _wanting = Channel.CreateUnbounded<ChannelView>();

    /// <summary>Channels that must be attached to again; each is here at most once at a time.</summary>
    public ChannelReader<ChannelView> WantingSnapshot => _wanting.Reader;

    public ChannelView Enter(ChannelId channel)
    {
        lock (_gate)
        {
            if (!_channels.TryGetValue(channel, out var entry))
                _channels[channel] = entry = new Entry(channel);
            entry.Users++;
            return entry.View;
        }
    }

    public void Exit(ChannelView view)
    {
        lock (_gate)
        {
            if (--_channels[view.Channel].Users == 0)
                _channels.Remove(view.Channel);
        }
    }

    /// <summary>Null when no socket here is in the channel: what is left over of it on its way is of no use.</summary>
    public ChannelView? Find(ChannelId channel)
    {
        lock (_gate)
            return _channels.GetValueOrDefault(channel)?.View;
    }

    public bool IsLive(ChannelView view) => Find(view.Channel) == view;

    public void WantSnapshot(ChannelView view)
    {
        lock (_gate)
        {
            if (!_channels.TryGetValue(view.Channel, out var entry) || entry.View != view || entry.WantsSnapshot)
                return;
            entry.WantsSnapshot = true;
        }

        _wanting.Writer.TryWrite(view);
    }

    /// <summary>From now on the channel may be wanted again.</summary>
    public void TakeUp(ChannelView view)
    {
        lock (_gate)
        {
            if (_channels.TryGetValue(view.Channel, out var entry))
                entry.WantsSnapshot = false;
        }
    }

    public void WantAllSnapshots()
    {
        ChannelView[] views;
        lock (_gate)
            views = [.. _channels.Values.Select(entry => entry.View)];
        foreach (var view in views)
            WantSnapshot(view);
    }

    public void Add(ISignalingSocket connection)
    {
        lock (_gate)
            _connections.Add(connection);
    }

    public void Remove(ISignalingSocket connection)
    {
        lock (_gate)
            _connections.Remove(connection);
    }

    public ISignalingSocket[] Connections
    {
        get
        {
            lock (_gate)
                return [.. _connections];
        }
    }
}
