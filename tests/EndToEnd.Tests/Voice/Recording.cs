using System.Numerics;
using System.Runtime.InteropServices;

namespace Hype.EndToEnd.Tests.Voice;

/// <summary>A recording of a participant's audio output.</summary>
/// <param name="Samples">The samples of the one channel, from −1 to 1.</param>
/// <param name="SampleRate">The sample rate, in Hz.</param>
/// <param name="StartedAt">The time of the first sample on the AudioContext's clock, in seconds.</param>
internal sealed record Recording(float[] Samples, int SampleRate, double StartedAt)
{
    public TimeSpan Length => TimeSpan.FromSeconds((double)Samples.Length / SampleRate);

    /// <summary>Reads a recording that the page sends as text.</summary>
    /// <param name="base64">The samples as 16-bit little-endian integers in Base64.</param>
    /// <param name="sampleRate">The sample rate, in Hz.</param>
    /// <param name="startedAt">The time of the first sample on the AudioContext's clock, in seconds.</param>
    public static Recording FromBase64(string base64, int sampleRate, double startedAt)
    {
        var samples = MemoryMarshal.Cast<byte, short>(Convert.FromBase64String(base64));
        var scaled = new float[samples.Length];
        for (var i = 0; i < scaled.Length; i++)
            scaled[i] = samples[i] / 32768f;
        return new Recording(scaled, sampleRate, startedAt);
    }

    /// <summary>Returns the loudness of a tone in each fiftieth of a second, as its amplitude in dB below full scale.</summary>
    /// <param name="hertz">The frequency of the tone. A tone 200 Hz away from it is attenuated by 40 dB, a nearer one by less.</param>
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
    /// Returns the part between two times on the AudioContext's clock, in seconds; null if the recording does not contain all of it.
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
