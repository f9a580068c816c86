namespace Hype.Grains.Tests.Testing;

/// <summary>The time of a host whose wall clock is wrong, or is set during the test; its monotonic clock runs like all others.</summary>
internal sealed class SteppedTime : TimeProvider
{
    private TimeSpan _skew;
    private TimeSpan _elapsed;

    public SteppedTime(TimeSpan skew = default) => _skew = skew;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddYears(56) + _skew + _elapsed;

    public override long GetTimestamp() => _elapsed.Ticks;

    public void Advance(TimeSpan time) => _elapsed += time;

    /// <summary>Sets the wall clock forward, or back with a negative value.</summary>
    public void Step(TimeSpan skew) => _skew += skew;
}
