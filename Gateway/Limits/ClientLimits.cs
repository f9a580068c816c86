using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace Hype.Gateway.Limits;

/// <summary>
/// The limits of what clients ask, kept by the framework's rate limiters, whose partitions go by themselves when they have been idle.
/// Each refusal is counted, and says when to try again.
/// </summary>
internal sealed class ClientLimits : IDisposable
{
    /// <summary>For a limit that time alone does not lift: somebody has to close a socket first.</summary>
    private static readonly TimeSpan WhenSomebodyLeaves = TimeSpan.FromSeconds(5);

    private readonly LimitOptions _options;
    private readonly LimitMetrics _metrics;
    private readonly PartitionedRateLimiter<ClientAddress> _sockets;
    private readonly PartitionedRateLimiter<ClientAddress> _openSockets;
    private readonly PartitionedRateLimiter<ClientAddress> _joins;
    private readonly PartitionedRateLimiter<string> _identities;

    public ClientLimits(IOptions<LimitOptions> options, LimitMetrics metrics)
    {
        _options = options.Value;
        _metrics = metrics;
        _sockets = PerSecond<ClientAddress>(_options.SocketsPerAddress);
        _joins = PerSecond<ClientAddress>(_options.JoinsPerAddress);
        _identities = PerSecond<string>(_options.JoinsPerIdentity);
        _openSockets = PartitionedRateLimiter.Create<ClientAddress, ClientAddress>(address =>
            RateLimitPartition.GetConcurrencyLimiter(address, _ => new ConcurrencyLimiterOptions { PermitLimit = _options.OpenSocketsPerAddress }));
    }

    /// <summary>May this address have one more socket? The lease is held for as long as it is open.</summary>
    public RateLimitLease? Socket(ClientAddress address, out TimeSpan retryAfter)
    {
        retryAfter = Take(_sockets, address, LimitReason.SocketsPerAddress);
        if (retryAfter > TimeSpan.Zero)
            return null;
        var lease = _openSockets.AttemptAcquire(address);
        if (lease.IsAcquired)
            return lease;
        lease.Dispose();
        retryAfter = Refuse(LimitReason.OpenSocketsPerAddress, WhenSomebodyLeaves);
        return null;
    }

    /// <returns>Zero: go on. Else how long to wait.</returns>
    public TimeSpan Join(ClientAddress address) => Take(_joins, address, LimitReason.JoinsPerAddress);

    /// <inheritdoc cref="Join(ClientAddress)"/>
    public TimeSpan Join(string identity) => Take(_identities, identity, LimitReason.JoinsPerIdentity);

    /// <summary>The messages of one socket.</summary>
    public MessageLimit Messages() => new(Bucket(_options.MessagesPerSession), _metrics);

    /// <summary>For the framework's middleware, which asks for the partition of each request.</summary>
    public RateLimitPartition<ClientAddress> Requests(ClientAddress address) => RateLimitPartition.GetTokenBucketLimiter(address, _ => Bucket(_options.RequestsPerAddress));

    public TimeSpan RefuseRequest(RateLimitLease lease) => Refuse(LimitReason.RequestsPerAddress, RetryAfter(lease));

    public void Dispose()
    {
        _sockets.Dispose();
        _openSockets.Dispose();
        _joins.Dispose();
        _identities.Dispose();
    }

    internal static TimeSpan RetryAfter(RateLimitLease lease) =>
        lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) && wait > TimeSpan.Zero ? wait : TimeSpan.FromSeconds(1);

    private static PartitionedRateLimiter<TKey> PerSecond<TKey>(RateOptions rate) where TKey : notnull =>
        PartitionedRateLimiter.Create<TKey, TKey>(key => RateLimitPartition.GetTokenBucketLimiter(key, _ => Bucket(rate)));

    private static TokenBucketRateLimiterOptions Bucket(RateOptions rate) => new()
    {
        TokenLimit = rate.Burst,
        TokensPerPeriod = rate.PerSecond,
        ReplenishmentPeriod = TimeSpan.FromSeconds(1),
        // Who uses a partitioned limiter is replenished by its one timer; a socket's own does it when it is asked.
        AutoReplenishment = false,
    };

    private TimeSpan Take<TKey>(PartitionedRateLimiter<TKey> limiter, TKey key, LimitReason reason)
    {
        using var lease = limiter.AttemptAcquire(key);
        return lease.IsAcquired ? TimeSpan.Zero : Refuse(reason, RetryAfter(lease));
    }

    private TimeSpan Refuse(LimitReason reason, TimeSpan retryAfter)
    {
        _metrics.Limited(reason);
        return retryAfter;
    }
}

/// <summary>How many messages one socket may send.</summary>
internal sealed class MessageLimit(TokenBucketRateLimiterOptions bucket, LimitMetrics metrics) : IDisposable
{
    private readonly TokenBucketRateLimiter _limiter = new(bucket);

    /// <returns>Zero: go on. Else how long to wait.</returns>
    public TimeSpan Take()
    {
        _limiter.TryReplenish();
        using var lease = _limiter.AttemptAcquire();
        if (lease.IsAcquired)
            return TimeSpan.Zero;
        metrics.Limited(LimitReason.MessagesPerSession);
        return ClientLimits.RetryAfter(lease);
    }

    public void Dispose() => _limiter.Dispose();
}
