using Hype.Grains.Abstractions.Channels;
using Microsoft.Extensions.Options;

namespace Hype.Grains.Gateways;

/// <summary>
/// The leases of all gateways that have sessions in channels of this silo. Channels add and remove themselves;
/// <see cref="GatewayLeaseRenewal"/> requests the renewals and notifies the channels of a loss.
/// </summary>
internal sealed class GatewayLeases(IOptions<GatewayLeaseOptions> options, TimeProvider time)
{
    private readonly Lock _sync = new();
    private readonly Dictionary<string, GatewayLease> _leases = [];
    private readonly long _start = time.GetTimestamp();
    private TimeSpan _checkedAt;

    private TimeSpan Uptime => time.GetElapsedTime(_start);

    /// <summary>Adds a channel that has sessions at a gateway.</summary>
    public void Add(GatewayRef gateway, ChannelId channel)
    {
        lock (_sync)
        {
            if (!_leases.TryGetValue(gateway.GatewayId, out var lease))
                _leases[gateway.GatewayId] = lease = new GatewayLease(gateway, options.Value.LostAfter, Uptime);
            lease.Add(channel, gateway, Uptime);
        }
    }

    /// <summary>Removes a channel that has no session at a gateway any longer, or is deactivated.</summary>
    public void Remove(string gatewayId, ChannelId channel)
    {
        lock (_sync)
            _leases.GetValueOrDefault(gatewayId)?.Remove(channel);
    }

    /// <summary>Removes a channel that has processed a loss. A channel that the gateway reached again has added itself again.</summary>
    public void Remove(LostGateway lost)
    {
        lock (_sync)
            _leases.GetValueOrDefault(lost.GatewayId)?.Remove(lost.Channel, lost.Since);
    }

    /// <summary>Checks all leases, and returns the renewals to request now and the channels to notify of a loss.</summary>
    public (IReadOnlyList<RenewalRequest> Due, IReadOnlyList<LostGateway> Lost) Check()
    {
        lock (_sync)
        {
            var now = Uptime;
            // The silo was paused, or is overloaded: answers may wait in its queues.
            var pause = now - _checkedAt - GatewayLease.Interval;
            _checkedAt = now;
            var due = new List<RenewalRequest>();
            var lost = new List<LostGateway>();
            foreach (var (id, lease) in _leases.ToArray())
            {
                if (pause > TimeSpan.Zero)
                    lease.Excuse(pause, now);
                // A channel stays in the lease until it has processed the loss, so that a notification that fails is repeated.
                if (lease.IsLost(now))
                    lost.AddRange(lease.Channels.Select(channel => new LostGateway(id, channel.Key, channel.Value)));
                if (lease.IsOver(now))
                    _leases.Remove(id);
                else if (lease.IsDue(now))
                    due.Add(lease.Request(now));
            }

            return (due, lost);
        }
    }

    /// <summary>Renews the lease of a gateway that answered, and returns the channels to notify because it does not know them.</summary>
    /// <param name="request">The answered request.</param>
    /// <param name="unknown">The channels of the request that the gateway does not know.</param>
    public IReadOnlyList<LostGateway> Renew(RenewalRequest request, ChannelId[] unknown)
    {
        lock (_sync)
        {
            var gatewayId = request.Gateway.GatewayId;
            if (!_leases.TryGetValue(gatewayId, out var lease))
                return [];
            lease.Renew(request.Lost, Uptime);
            return
            [
                .. unknown.Where(lease.Channels.ContainsKey)
                    .Select(channel => new LostGateway(gatewayId, channel, lease.Channels[channel])),
            ];
        }
    }
}

/// <summary>The loss of a gateway, of which a channel must be notified.</summary>
/// <param name="Since">The time at which the channel was added to the gateway's lease.</param>
internal readonly record struct LostGateway(string GatewayId, ChannelId Channel, TimeSpan Since);
