using System.Numerics;
using System.Runtime.InteropServices;

namespace Hype.EndToEnd.Tests.Voice;

/// <summary>A recording of a participant's output.</summary>
/// <param name="Samples">Mono, −1…1.</param>
/// <param name="SampleRate">Hz.</param>
/// <param name="StartedAt">The context's time of the first sample, s.</param>
internal sealed record Recording(float[] Samples, int SampleRate, double StartedAt)
{
    public TimeSpan Length => TimeSpan.FromSeconds((double)Samples.Length / SampleRate);

    /// <param name="base64">16-bit little-endian samples.</param>
    /// <param name="sampleRate">Hz.</param>
    /// <param name="startedAt">The context's time of the first sample, s.</param>
    public static Recording FromBase64(string base64, int sampleRate, double startedAt)
    {
        var samples = MemoryMarshal.Cast<byte, short>(Convert.FromBase64String(base64));
        var scaled = new float[samples.Length];
        for (var i = 0; i < scaled.Length; i++)
            scaled[i] = samples[i] / 32768f;
        return new Recording(scaled, sampleRate, startedAt);
    }

    /// <summary>The loudness of a tone in each fiftieth of a second, in dB of its amplitude; full scale is 0.</summary>
    /// <param name="hertz">Must be far from other tones: a tone 200 Hz away is attenuated by 40 dB.</param>
    public IEnumerable<double> Loudness(double hertz)
    {
        var window = SampleRate / 50;
        for (var start = 0; start + window <= Samples.Length; start += window)
        {
            var sum = Complex.Zero;
            for (var i = 0; i < window; i++)
            {
                var hann = 1 - Math.Cos(2 * Math.PI * i / window); // mean 1
                sum += Samples[start + i] * hann * Complex.FromPolarCoordinates(1, -2 * Math.PI * hertz * i / SampleRate);
            }
            yield return 20 * Math.Log10(Math.Max(2 * sum.Magnitude / window, 1e-9));
        }
    }

    /// <summary>
    /// The samples from <paramref name="from"/> to <paramref name="to"/> on the context's clock, s; null when it does not have them all.
    /// </summary>
    public Recording? Cut(double from, double to)
    {
        var first = (int)Math.Round((from - StartedAt) * SampleRate);
        var end = (int)Math.Round((to - StartedAt) * SampleRate);
        return first < 0 || end > Samples.Length
            ? null
            : new Recording(Samples[first..end], SampleRate, StartedAt + (double)first / SampleRate);
    }
}
