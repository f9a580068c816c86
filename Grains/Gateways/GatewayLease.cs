using Hype.Grains.Abstractions.Channels;

namespace Hype.Grains.Gateways;

/// <summary>
/// The lease of one gateway with one silo, and the channels of the silo that have sessions there. Each answer of the gateway renews the
/// lease. All times are uptimes of the silo, from a clock that never jumps.
/// </summary>
/// <param name="gateway">The gateway.</param>
/// <param name="lostAfter">The time without an answer after which the lease is lost.</param>
/// <param name="now">The time at which a channel named the gateway for the first time: the gateway has <paramref name="lostAfter"/> to
/// answer.</param>
internal sealed class GatewayLease(GatewayRef gateway, TimeSpan lostAfter, TimeSpan now)
{
    /// <summary>The interval at which the silo asks a gateway to renew its lease.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>The number of channels that one request names; the requests of a longer list name its parts in turn.</summary>
    public const int ChannelsPerRequest = 500;

    /// <summary>
    /// The time after which a channel is named in requests. A moderator's move has a seat in a channel before its gateway knows it.
    /// </summary>
    private static readonly TimeSpan NamedAfter = TimeSpan.FromSeconds(3);

    /// <summary>
    /// The time after its loss for which a lease without channels is still offered to its gateway, so that a gateway that was only slow
    /// attaches its sessions again: longer than their resume windows are by default.
    /// </summary>
    private static readonly TimeSpan OfferedFor = TimeSpan.FromSeconds(60);

    private readonly Dictionary<ChannelId, TimeSpan> _channels = [];
    private TimeSpan _answeredAt = now;
    private TimeSpan _requestedAt = now - Interval;
    private bool _mustAttach;
    private int _next;

    public GatewayRef Gateway { get; private set; } = gateway;

    /// <summary>The channels, and the time at which each was added last.</summary>
    public IReadOnlyDictionary<ChannelId, TimeSpan> Channels => _channels;

    /// <summary>Returns true if no request is needed any longer: no channel has sessions at the gateway.</summary>
    public bool IsOver(TimeSpan now) => _channels.Count == 0 && (!_mustAttach || now - _answeredAt > lostAfter + OfferedFor);

    /// <summary>
    /// Adds a channel that a call of the gateway has reached, which renews the lease too. A channel that is in the lease counts as added
    /// again: the report of an earlier loss does not remove it.
    /// </summary>
    public void Add(ChannelId channel, GatewayRef gateway, TimeSpan now)
    {
        (Gateway, _answeredAt) = (gateway, now);
        _channels[channel] = now;
    }

    /// <param name="channel">The channel.</param>
    /// <param name="since">The time at which it was added; null: any. A channel that was added again since then stays.</param>
    public void Remove(ChannelId channel, TimeSpan? since = null)
    {
        if (since is null || (_channels.TryGetValue(channel, out var added) && added == since))
            _channels.Remove(channel);
    }

    /// <summary>Returns true if the caller must send a request now.</summary>
    public bool IsDue(TimeSpan now) => now - _requestedAt >= Interval;

    /// <summary>Starts a request to the gateway.</summary>
    public RenewalRequest Request(TimeSpan now)
    {
        _requestedAt = now;
        var named = _channels.Where(channel => now - channel.Value >= NamedAfter).Select(channel => channel.Key).ToArray();
        if (_next >= named.Length)
            _next = 0;
        var part = named.Skip(_next).Take(ChannelsPerRequest).ToArray();
        _next += part.Length;
        return new RenewalRequest(Gateway, part, _mustAttach);
    }

    /// <param name="lost">
    /// The answered request reported the loss. The answer to an earlier one renews the lease, but the gateway has not attached its
    /// sessions.
    /// </param>
    /// <param name="now">The present time.</param>
    public void Renew(bool lost, TimeSpan now) => (_answeredAt, _mustAttach) = (now, _mustAttach && !lost);

    /// <summary>Returns true if the lease is lost, because the gateway was silent for too long.</summary>
    public bool IsLost(TimeSpan now)
    {
        var lost = now - _answeredAt >= lostAfter;
        _mustAttach |= lost;
        return lost;
    }

    /// <summary>Subtracts a time in which this silo did not run from the silence of the gateway, which could not answer.</summary>
    public void Excuse(TimeSpan pause, TimeSpan now) => _answeredAt = _answeredAt + pause < now ? _answeredAt + pause : now;
}

/// <summary>A request to a gateway to renew its lease.</summary>
/// <param name="Gateway">The gateway.</param>
/// <param name="Channels">Channels of this silo that have sessions at the gateway.</param>
/// <param name="Lost">The lease was lost: the gateway must attach its sessions again.</param>
internal sealed record RenewalRequest(GatewayRef Gateway, ChannelId[] Channels, bool Lost);
