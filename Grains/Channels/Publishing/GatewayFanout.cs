using System.Collections.Immutable;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Channels.Effects;

namespace Hype.Grains.Channels.Publishing;

/// <summary>The gateways that receive a channel's events, and the number of batches that each was sent.</summary>
internal sealed class GatewayFanout(ChannelId channel, long incarnation)
{
    private readonly Dictionary<string, Listener> _listeners = [];

    /// <summary>Adds a gateway. The batch count of a known gateway continues.</summary>
    public void Listen(GatewayRef gateway)
    {
        if (_listeners.TryGetValue(gateway.GatewayId, out var listener))
            listener.Gateway = gateway;
        else
            Restart(gateway);
    }

    /// <summary>Adds a gateway whose batch count starts at 1 again.</summary>
    public void Restart(GatewayRef gateway) => _listeners[gateway.GatewayId] = new Listener { Gateway = gateway };

    /// <summary>
    /// The reference of a gateway that receives events; null if it does not, or if <paramref name="gatewayId"/> is null.
    /// </summary>
    public GatewayRef? Find(string? gatewayId) =>
        gatewayId is not null && _listeners.TryGetValue(gatewayId, out var listener) ? listener.Gateway : null;

    public void Remove(string gatewayId) => _listeners.Remove(gatewayId);

    /// <summary>Removes the gateways that hold no session. Their counts start at 1 when they are added again.</summary>
    public void RetainOnly(IReadOnlySet<string> gateways)
    {
        foreach (var id in _listeners.Keys.Where(id => !gateways.Contains(id)).ToArray())
            _listeners.Remove(id);
    }

    /// <summary>Makes one batch for each gateway that has events to receive.</summary>
    public IEnumerable<(string GatewayId, IGatewayObserver Observer, ChannelEventBatch Batch)> Batch(
        IReadOnlyCollection<ChannelEffect> effects)
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
