namespace Hype.EndToEnd.Tests.SwitchGap;

/// <summary>
/// The time code that a test speaker sends: a sine that sweeps linearly from <see cref="LowHz"/> to <see cref="HighHz"/> in
/// <see cref="Period"/>, repeatedly. Its frequency identifies a moment of the period: 6 Hz are 1 ms. Opus transmits this range well, and
/// two copies with different delays are two tones that can be separated. <c>Pages/time-code.js</c> generates it.
/// </summary>
internal static class TimeCode
{
    public const double LowHz = 500;

    public const double HighHz = 3500;

    /// <summary>The length of the sweep in seconds. A measured delay is known only modulo this period.</summary>
    public const double Period = 0.5;

    /// <summary>The rise of the sweep's frequency, in Hz per second.</summary>
    public const double Slope = (HighHz - LowHz) / Period;

    /// <summary>Returns the signal at <paramref name="time"/> (s); the sweep restarts without a jump in the waveform.</summary>
    public static double At(double time)
    {
        var t = time - Math.Floor(time / Period) * Period;
        return Math.Sin(2 * Math.PI * (LowHz * t + Slope * t * t / 2));
    }

    /// <summary>
    /// Returns the moment of the period, in seconds, at which the sweep has the frequency <paramref name="frequency"/> (Hz).
    /// </summary>
    public static double MomentOf(double frequency) => (frequency - LowHz) / Slope;
}
