using Hype.EndToEnd.Tests.Voice;

namespace Hype.Cluster.Tests.Harness;

internal sealed class ToneGapTests
{
    private const int SampleRate = 48_000;

    [Test]
    public void A_tone_without_a_hole_has_no_gap() => Assert.That(ToneGap.Of(Tone(at => 1)), Is.Zero);

    [Test]
    public void The_longest_hole_counts() =>
        Assert.That(ToneGap.Of(Tone(at => at is (> 1 and < 1.3) or (> 2 and < 2.1) ? 0 : 1)), Is.EqualTo(300).Within(10));

    [Test]
    public void What_fades_is_gone_when_it_is_faint() =>
        Assert.That(ToneGap.Of(Tone(at => at is > 1 and < 2 ? Math.Max(0, 1 - (2 * (at - 1))) : 1)), Is.EqualTo(625).Within(20));

    /// <summary>Four seconds of 600 Hz, as loud as <paramref name="gain"/> says at each time, s.</summary>
    private static Recording Tone(Func<double, double> gain)
    {
        var samples = Enumerable.Range(0, 4 * SampleRate).Select(index => (double)index / SampleRate)
            .Select(at => (float)(0.5 * gain(at) * Math.Sin(2 * Math.PI * 600 * at)));
        return new Recording([.. samples], SampleRate, 0);
    }
}
