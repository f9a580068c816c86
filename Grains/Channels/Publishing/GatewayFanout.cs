using System.Collections.Immutable;
using Hype.Grains.Abstractions.Channels;

namespace Hype.Grains.Channels.Publishing;

/// <summary>The gateways that listen to a channel, and how many batches each has been sent.</summary>
internal sealed class GatewayFanout(ChannelId channel, long incarnation)
{
    private readonly Dictionary<string, Listener> _listeners = [];

    /// <summary>The gateway listens from now on; what it was sent before goes on counting.</summary>
    public void Listen(GatewayRef gateway)
    {
        if (_listeners.TryGetValue(gateway.GatewayId, out var listener))
            listener.Gateway = gateway;
        else
            Restart(gateway);
    }

    /// <summary>The gateway lost count: from 1 again.</summary>
    public void Restart(GatewayRef gateway) => _listeners[gateway.GatewayId] = new Listener { Gateway = gateway };

    /// <summary>Where its events go; null: it does not listen, or there is none.</summary>
    public GatewayRef? Find(string? gatewayId) => gatewayId is not null && _listeners.TryGetValue(gatewayId, out var listener) ? listener.Gateway : null;

    public void Drop(string gatewayId) => _listeners.Remove(gatewayId);

    /// <summary>Who holds no session has nothing to hear; it starts at 1 when it comes again.</summary>
    public void Keep(IReadOnlySet<string> gateways)
    {
        foreach (var id in _listeners.Keys.Where(id => !gateways.Contains(id)).ToArray())
            _listeners.Remove(id);
    }

    /// <summary>One batch for each gateway that has something to hear.</summary>
    public IEnumerable<(string GatewayId, IGatewayObserver Observer, ChannelEventBatch Batch)> Batch(IReadOnlyCollection<ChannelEffect> effects)
    {
        foreach (var (id, listener) in _listeners.ToArray())
        {
            var events = effects.Select(effect => effect switch
            {
                PublishToAll all => all.Event,
                NotifySession one when one.GatewayId == id => one.Event,
                _ => null,
            }).OfType<ChannelEvent>().ToImmutableArray();
            if (!events.IsEmpty)
                yield return (id, listener.Gateway.Observer, new ChannelEventBatch(channel, incarnation, ++listener.Sequence, events));
        }
    }

    private sealed class Listener
    {
        public required GatewayRef Gateway { get; set; }

        public long Sequence { get; set; }
    }
}
