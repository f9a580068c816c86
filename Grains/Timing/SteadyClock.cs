namespace Hype.Grains.Timing;

/// <summary>
/// A clock that never jumps: it shows the wall-clock time of its creation plus the time that has passed since. Deadlines and ages use it,
/// because they would be wrong by every correction of the host's clock. Its times are valid on this silo only: messages between grains
/// contain durations.
/// </summary>
internal sealed class SteadyClock(TimeProvider time)
{
    private readonly DateTimeOffset _start = time.GetUtcNow();
    private readonly long _startedAt = time.GetTimestamp();

    public DateTimeOffset Now => _start + time.GetElapsedTime(_startedAt);

    /// <summary>Returns the time a duration ago; the earliest time if the duration is longer than that.</summary>
    public static DateTimeOffset Before(DateTimeOffset now, TimeSpan ago) =>
        ago < now - DateTimeOffset.MinValue ? now - ago : DateTimeOffset.MinValue;
}
