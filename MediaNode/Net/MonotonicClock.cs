using Hype.MediaNode.Rtcp;

namespace Hype.MediaNode.Net;

/// <summary>
/// A clock of monotonic microseconds from a <see cref="TimeProvider"/>. A worker reads it once per batch and passes the value on as
/// <c>now</c>.
/// </summary>
internal sealed class MonotonicClock(TimeProvider time)
{
    private readonly double _microsecondsPerTick = 1e6 / time.TimestampFrequency;

    /// <summary>The conversion of this clock's time to NTP timestamps.</summary>
    public NtpTime Ntp => new(UnixAtZero);

    /// <summary>The wall-clock time, µs since 1970, at which this clock was 0.</summary>
    public long UnixAtZero => (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / 10 - Now;

    public long Now => (long)(time.GetTimestamp() * _microsecondsPerTick);
}
