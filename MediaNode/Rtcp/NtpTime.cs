namespace Hype.MediaNode.Rtcp;

/// <summary>
/// Converts the worker's monotonic clock to NTP timestamps (RFC 3550 §4): seconds since 1900 in the upper 32 bits, their fraction in the
/// lower. A correction of the machine's time of day therefore cannot corrupt a round trip.
/// </summary>
/// <param name="unixMicrosecondsAtZero">The time of day, µs since 1970, at which the monotonic clock was 0.</param>
internal readonly struct NtpTime(long unixMicrosecondsAtZero)
{
    private const long SecondsFrom1900To1970 = 2_208_988_800;
    private const long MicrosecondsPerSecond = 1_000_000;

    /// <summary>The longest time, in microseconds, that fits into 32 bits in units of 1/65,536 s.</summary>
    private const long LongestShort = uint.MaxValue * MicrosecondsPerSecond >> 16;

    /// <param name="now">µs on the monotonic clock.</param>
    public ulong At(long now)
    {
        var unix = unixMicrosecondsAtZero + now;
        var (seconds, microseconds) = Math.DivRem(unix, MicrosecondsPerSecond);
        // Rounded up, so that a conversion back, which truncates, returns the same microsecond.
        var fraction = (((ulong)microseconds << 32) + MicrosecondsPerSecond - 1) / MicrosecondsPerSecond;
        return ((ulong)(uint)(seconds + SecondsFrom1900To1970) << 32) + fraction;
    }

    /// <summary>
    /// Returns the middle 32 bits of a timestamp, in units of 1/65,536 s, as the field LSR of a report block carries them.
    /// </summary>
    public static uint Middle(ulong ntp) => (uint)(ntp >> 16);

    /// <param name="units">1/65,536 s.</param>
    public static long ShortToMicroseconds(uint units) => (units * MicrosecondsPerSecond) >> 16;

    /// <summary>Converts microseconds to units of 1/65,536 s, and limits the result to 32 bits (18 hours).</summary>
    public static uint MicrosecondsToShort(long microseconds) =>
        (uint)((Math.Clamp(microseconds, 0, LongestShort) << 16) / MicrosecondsPerSecond);
}
