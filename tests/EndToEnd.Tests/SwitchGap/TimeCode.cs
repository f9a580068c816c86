namespace Hype.EndToEnd.Tests.SwitchGap;

/// <summary>
/// The time code: a sine that sweeps linearly from <see cref="LowHz"/> to <see cref="HighHz"/> in
/// <see cref="Period"/>, repeatedly. A frequency identifies a moment of the period: 1 ms is 6 Hz. It is in the range where Opus is best,
/// and two copies that are some milliseconds apart are two tones. <c>Pages/time-code.js</c> sends it.
/// </summary>
internal static class TimeCode
{
    public const double LowHz = 500;

    public const double HighHz = 3500;

    /// <summary>The period of the sweep in seconds; delays are known modulo this period.</summary>
    public const double Period = 0.5;

    /// <summary>The slope of the sweep, in Hz per second.</summary>
    public const double Slope = (HighHz - LowHz) / Period;

    /// <summary>The signal at <paramref name="time"/> s; the sweep repeats without a jump.</summary>
    public static double At(double time)
    {
        var t = time - Math.Floor(time / Period) * Period;
        return Math.Sin(2 * Math.PI * (LowHz * t + Slope * t * t / 2));
    }

    /// <summary>The moment of the period, s, at which the sweep passes <paramref name="frequency"/> Hz.</summary>
    public static double MomentOf(double frequency) => (frequency - LowHz) / Slope;
}
