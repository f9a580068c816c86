namespace Hype.MediaNode.Rooms;

/// <summary>
/// A token bucket: permits a number of units per second on average, and a burst of units at once after a pause. It is full at first.
/// </summary>
internal struct TokenBucket(double perSecond, double burst)
{
    private const double MicrosecondsPerSecond = 1_000_000;

    private readonly double _burst = burst;
    private double _perMicrosecond = perSecond / MicrosecondsPerSecond;
    private double _tokens = burst;
    private long _filledAt;

    /// <summary>Takes tokens. Returns false, and takes none, if the bucket contains fewer.</summary>
    /// <param name="now">Microseconds, not before the time of an earlier call.</param>
    public bool TryTake(double tokens, long now)
    {
        if (!Has(tokens, now))
            return false;
        _tokens -= tokens;
        return true;
    }

    /// <summary>Returns true if the bucket contains the tokens at this time.</summary>
    public bool Has(double tokens, long now)
    {
        if (now > _filledAt)
        {
            _tokens = Math.Min(_burst, _tokens + ((now - _filledAt) * _perMicrosecond));
            _filledAt = now;
        }

        return _tokens >= tokens;
    }

    /// <summary>Changes the rate from this time on; the tokens in the bucket stay.</summary>
    public void SetRate(double tokensPerSecond, long now)
    {
        Has(0, now);
        _perMicrosecond = tokensPerSecond / MicrosecondsPerSecond;
    }

    /// <summary>Takes tokens that <see cref="Has"/> has confirmed.</summary>
    public void Take(double tokens) => _tokens -= tokens;
}
