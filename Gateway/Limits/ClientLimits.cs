using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace Hype.Gateway.Limits;

/// <summary>
/// Limits the requests of clients with the framework's rate limiters, which remove idle partitions themselves. Each refusal is counted,
/// and returns the time until the client may try again.
/// </summary>
internal sealed class ClientLimits : IDisposable
{
    /// <summary>The refusal of one more event stream, in a sentence.</summary>
    public const string TooManyWatches = "This identity or address has too many open event streams: close one first.";

    /// <summary>
    /// The suggested wait at the limit of open sockets. Waiting alone does not help: another socket of the same address must close first.
    /// </summary>
    private static readonly TimeSpan WaitForClosedSocket = TimeSpan.FromSeconds(5);

    private readonly LimitOptions _options;
    private readonly LimitMetrics _metrics;
    private readonly PartitionedRateLimiter<ClientAddress> _sockets;
    private readonly PartitionedRateLimiter<ClientAddress> _openSockets;
    private readonly PartitionedRateLimiter<ClientAddress> _joins;
    private readonly PartitionedRateLimiter<string> _identities;
    private readonly PartitionedRateLimiter<string> _watches;

    public ClientLimits(IOptions<LimitOptions> options, LimitMetrics metrics)
    {
        _options = options.Value;
        _metrics = metrics;
        _sockets = PerSecond<ClientAddress>(_options.SocketsPerAddress);
        _joins = PerSecond<ClientAddress>(_options.JoinsPerAddress);
        _identities = PerSecond<string>(_options.JoinsPerIdentity);
        _openSockets = PartitionedRateLimiter.Create<ClientAddress, ClientAddress>(address =>
            RateLimitPartition.GetConcurrencyLimiter(
                address, _ => new ConcurrencyLimiterOptions { PermitLimit = _options.OpenSocketsPerAddress }));
        _watches = PartitionedRateLimiter.Create<string, string>(watcher =>
            RateLimitPartition.GetConcurrencyLimiter(
                watcher, _ => new ConcurrencyLimiterOptions { PermitLimit = _options.WatchesPerIdentity }));
    }

    /// <summary>
    /// Reserves one more socket for an address until the returned lease is disposed; returns null when a limit refuses it.
    /// </summary>
    public RateLimitLease? Socket(ClientAddress address, out TimeSpan retryAfter)
    {
        retryAfter = Take(_sockets, address, LimitReason.SocketsPerAddress);
        if (retryAfter > TimeSpan.Zero)
            return null;
        var lease = _openSockets.AttemptAcquire(address);
        if (lease.IsAcquired)
            return lease;
        lease.Dispose();
        retryAfter = Refuse(LimitReason.OpenSocketsPerAddress, WaitForClosedSocket);
        return null;
    }

    /// <summary>
    /// Reserves one more event stream for the identity of a request, or for the address of a request without a token, until the returned
    /// lease is disposed; returns null when the limit refuses it.
    /// </summary>
    public RateLimitLease? Watch(HttpContext context)
    {
        // An address is no identity: an identity does not begin with a space.
        var lease = _watches.AttemptAcquire(context.User.FindFirst("sub")?.Value ?? $" {ClientAddress.Of(context)}");
        if (lease.IsAcquired)
            return lease;
        lease.Dispose();
        Refuse(LimitReason.WatchesPerIdentity, TimeSpan.Zero);
        return null;
    }

    /// <summary>
    /// Counts one join or resume of the address against the limit. Returns the time that the client must wait before its next attempt;
    /// zero if the attempt is allowed.
    /// </summary>
    public TimeSpan Join(ClientAddress address) => Take(_joins, address, LimitReason.JoinsPerAddress);

    /// <inheritdoc cref="Join(ClientAddress)"/>
    public TimeSpan Join(string identity) => Take(_identities, identity, LimitReason.JoinsPerIdentity);

    /// <summary>Creates the message limit of one socket.</summary>
    public MessageLimit Messages() => new(Bucket(_options.MessagesPerSession), LimitReason.MessagesPerSession, _metrics);

    /// <summary>Creates the limit of one socket for messages that cost a call to the channel.</summary>
    public MessageLimit Calls() => new(Bucket(_options.CallsPerSession), LimitReason.CallsPerSession, _metrics);

    /// <summary>Creates the limit of one socket for the bytes of its peer signals.</summary>
    public MessageLimit SignalBytes() => new(Bucket(_options.SignalBytesPerSession), LimitReason.SignalBytesPerSession, _metrics);

    /// <summary>
    /// Returns the rate-limit partition of a request, for the framework's middleware. Health checks have their own, so that a load
    /// balancer that is not a trusted proxy still gets answers while its clients send too much.
    /// </summary>
    public RateLimitPartition<(ClientAddress, bool)> Requests(ClientAddress address, bool isHealthCheck) =>
        RateLimitPartition.GetTokenBucketLimiter((address, isHealthCheck), _ => Bucket(_options.RequestsPerAddress));

    public TimeSpan RefuseRequest(RateLimitLease lease) => Refuse(LimitReason.RequestsPerAddress, RetryAfter(lease));

    public void Dispose()
    {
        _sockets.Dispose();
        _openSockets.Dispose();
        _joins.Dispose();
        _identities.Dispose();
        _watches.Dispose();
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
        // A partitioned limiter replenishes its partitions with one timer; a socket's own limiter is replenished at each message.
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

/// <summary>Limits the messages of one socket, or those of some types.</summary>
internal sealed class MessageLimit(TokenBucketRateLimiterOptions bucket, LimitReason reason, LimitMetrics metrics) : IDisposable
{
    private readonly TokenBucketRateLimiter _limiter = new(bucket);

    /// <summary>
    /// Counts one message against the limit. Returns the time that the client must wait before its next message; zero if the message is
    /// within the limit.
    /// </summary>
    /// <param name="cost">The tokens that the message costs; one that costs more than the bucket holds takes the whole bucket.</param>
    public TimeSpan Take(int cost = 1)
    {
        _limiter.TryReplenish();
        using var lease = _limiter.AttemptAcquire(Math.Min(cost, bucket.TokenLimit));
        if (lease.IsAcquired)
            return TimeSpan.Zero;
        metrics.Limited(reason);
        return ClientLimits.RetryAfter(lease);
    }

    public void Dispose() => _limiter.Dispose();
}
