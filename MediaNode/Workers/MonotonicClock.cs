namespace Hype.MediaNode.Workers;

/// <summary>Microseconds that never go back, from a <see cref="TimeProvider"/>; read once per batch and passed on as <c>now</c>.</summary>
internal sealed class MonotonicClock(TimeProvider time)
{
    private readonly double _microsecondsPerTick = 1e6 / time.TimestampFrequency;

    public long Now => (long)(time.GetTimestamp() * _microsecondsPerTick);
}
