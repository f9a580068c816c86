using System.Collections.Immutable;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Channels.Effects;
using Hype.Grains.Gateways;

namespace Hype.Grains.Channels.Publishing;

/// <summary>
/// The gateways that receive a channel's events, and the number of the last batch to each. The channel depends on the lease of each of
/// them with this silo.
/// </summary>
internal sealed class GatewayFanout(ChannelId channel, long incarnation, GatewayLeases leases)
{
    private readonly Dictionary<string, Listener> _listeners = [];

    /// <summary>Adds a gateway. For a gateway that was added before, the numbers of its batches continue.</summary>
    public void Listen(GatewayRef gateway)
    {
        if (_listeners.TryGetValue(gateway.GatewayId, out var listener))
            listener.Gateway = gateway;
        else
            Restart(gateway);
    }

    /// <summary>Adds a gateway, and numbers its batches from 1 again.</summary>
    public void Restart(GatewayRef gateway)
    {
        _listeners[gateway.GatewayId] = new Listener { Gateway = gateway };
        leases.Add(gateway, channel);
    }

    /// <summary>
    /// Returns the gateway of this id; null if it receives no events of the channel, or if <paramref name="gatewayId"/> is null.
    /// </summary>
    public GatewayRef? Find(string? gatewayId) =>
        gatewayId is not null && _listeners.TryGetValue(gatewayId, out var listener) ? listener.Gateway : null;

    /// <summary>
    /// Removes the gateways that are not listed, because they hold no session. If such a gateway is added again, its batches are numbered
    /// from 1.
    /// </summary>
    public void RetainOnly(IReadOnlySet<string> gateways)
    {
        foreach (var id in _listeners.Keys.Where(id => !gateways.Contains(id)).ToArray())
        {
            _listeners.Remove(id);
            leases.Remove(id, channel);
        }
    }

    /// <summary>Removes all gateways, because the channel is deactivated on this silo.</summary>
    public void Clear() => RetainOnly(new HashSet<string>());

    /// <summary>Returns one batch for each gateway that has events to receive.</summary>
    public IEnumerable<(IGatewayObserver Observer, ChannelEventBatch Batch)> Batch(IReadOnlyCollection<ChannelEffect> effects)
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
                yield return (listener.Gateway.Observer, new ChannelEventBatch(channel, incarnation, ++listener.Sequence, events));
        }
    }

    private sealed class Listener
    {
        public required GatewayRef Gateway { get; set; }

        public long Sequence { get; set; }
    }
}
