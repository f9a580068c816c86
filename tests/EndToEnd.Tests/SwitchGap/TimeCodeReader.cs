using System.Numerics;
using Hype.EndToEnd.Tests.Voice;

namespace Hype.EndToEnd.Tests.SwitchGap;

/// <summary>
/// Reads the time code of a recording frame by frame. For each frame, it (1) applies a window, (2) removes the slope of the sweep, which
/// turns each copy of the sweep into a tone, and (3) takes the strongest tone as the frequency in the middle of the window. This frequency
/// gives the moment of sending.
/// </summary>
internal sealed class TimeCodeReader
{
    /// <summary>The distance between the starts of two frames, in milliseconds.</summary>
    public const double HopMs = 2.5;

    private const double WindowMs = 20;
    private const int TransformLength = 2048;

    // Where the sweep restarts within a window, one path has two frequencies: frames near that edge are not read.
    private const double EdgeMs = 12;

    // A Hann window of 20 ms cannot separate tones that are less than two of its 50 Hz bins apart.
    private const double SeparationHz = 100;

    // A second path below this amplitude (relative to the first) is the codec's noise or the tail of a fade.
    private const double SecondPathLevel = 0.25;

    private readonly int _sampleRate;
    private readonly double[] _window;
    private readonly Complex[] _unsweep;
    private readonly Fourier _fourier = new(TransformLength);
    private readonly Complex[] _spectrum = new Complex[TransformLength];

    public TimeCodeReader(int sampleRate)
    {
        _sampleRate = sampleRate;
        var length = (int)Math.Round(sampleRate * WindowMs / 1000);
        _window = new double[length];
        _unsweep = new Complex[length];
        for (var i = 0; i < length; i++)
        {
            _window[i] = 0.5 - 0.5 * Math.Cos(2 * Math.PI * (i + 0.5) / length);
            var t = (i - length / 2.0) / sampleRate;
            _unsweep[i] = Complex.FromPolarCoordinates(1, -Math.PI * TimeCode.Slope * t * t);
        }
    }

    /// <summary>Reads all frames of a recording; they overlap, since they start <see cref="HopMs"/> apart.</summary>
    public IEnumerable<TimeCodeFrame> Read(Recording recording)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(recording.SampleRate, _sampleRate);
        var hop = (int)Math.Round(_sampleRate * HopMs / 1000);
        for (var start = 0; start + _window.Length <= recording.Samples.Length; start += hop)
            yield return ReadFrame(recording, start);
    }

    private TimeCodeFrame ReadFrame(Recording recording, int start)
    {
        var samples = recording.Samples.AsSpan(start, _window.Length);
        Array.Clear(_spectrum);
        double energy = 0, weight = 0;
        for (var i = 0; i < samples.Length; i++)
        {
            var weighed = samples[i] * _window[i];
            energy += weighed * samples[i];
            weight += _window[i];
            _spectrum[i] = weighed * _unsweep[i];
        }

        var rms = Math.Sqrt(energy / weight);
        _fourier.Transform(_spectrum);

        var first = StrongestTone(double.NaN);
        var middle = recording.StartedAt + (start + samples.Length / 2.0) / _sampleRate;
        var moment = TimeCode.MomentOf(first.Hertz);
        const double Edge = EdgeMs / 1000;
        // A tone with less than half of the energy does not count.
        var isTone = first.Amplitude > 0 && first.Amplitude * first.Amplitude / 2 > 0.5 * rms * rms;
        var frame = new TimeCodeFrame { Start = start, End = start + samples.Length, Rms = rms };
        if (moment < Edge || moment > TimeCode.Period - Edge)
            return frame with { AtEdge = true };
        var doubled = IsDoubled(first);
        var delay = middle - moment;
        return isTone || doubled
            ? frame with { Delay = delay - Math.Floor(delay / TimeCode.Period) * TimeCode.Period, SecondPath = doubled }
            : frame;
    }

    private bool IsDoubled((double Hertz, double Amplitude) first) =>
        StrongestTone(first.Hertz).Amplitude > SecondPathLevel * first.Amplitude;

    /// <summary>
    /// Returns the strongest tone of the spectrum. If <paramref name="besides"/> is a frequency, the tone is at least
    /// <see cref="SeparationHz"/> away from it, and not near the edges of the sweep.
    /// </summary>
    private (double Hertz, double Amplitude) StrongestTone(double besides)
    {
        var hertzPerBin = (double)_sampleRate / TransformLength;
        // The first tone may lie on the edge; the peak of its lobe is then just outside.
        var margin = double.IsNaN(besides) ? -2 * SeparationHz : EdgeMs / 1000 * TimeCode.Slope;
        var from = (int)Math.Ceiling((TimeCode.LowHz + margin) / hertzPerBin);
        var to = (int)Math.Floor((TimeCode.HighHz - margin) / hertzPerBin);
        var best = -1;
        double most = 0;
        for (var bin = from; bin <= to; bin++)
        {
            if (!double.IsNaN(besides) && Math.Abs(bin * hertzPerBin - besides) < SeparationHz)
                continue;
            var magnitude = _spectrum[bin].Magnitude;
            // A tone is a peak of the spectrum. Where the excluded range around the first tone ends, its slope is no peak.
            if (magnitude > most && magnitude >= _spectrum[bin - 1].Magnitude && magnitude >= _spectrum[bin + 1].Magnitude)
            {
                best = bin;
                most = magnitude;
            }
        }

        if (best < 0)
            return (0, 0);
        // The peak of the parabola through three bins, in decibels: a Hann lobe is nearly a parabola.
        double left = Level(best - 1), top = Level(best), right = Level(best + 1);
        var shift = (left - right) / (2 * (left - 2 * top + right));
        return ((best + shift) * hertzPerBin, most * 2 / (_window.Length * 0.5));
    }

    private double Level(int bin) => Math.Log(_spectrum[bin].Magnitude + 1e-12);
}
