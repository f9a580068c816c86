namespace Hype.Grains.Tests.Testing;

/// <summary>The time of a process that a test pauses: it runs as usual, and each pause moves both clocks forward.</summary>
internal sealed class PausedTime : TimeProvider
{
    private long _pausedTicks;

    private TimeSpan Paused => TimeSpan.FromTicks(Interlocked.Read(ref _pausedTicks));

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Paused;

    public override long GetTimestamp() => base.GetTimestamp() + (long)(Paused.TotalSeconds * TimestampFrequency);

    public void Pause(TimeSpan time) => Interlocked.Add(ref _pausedTicks, time.Ticks);
}
