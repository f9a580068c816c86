using Hype.EndToEnd.Tests.Voice;

namespace Hype.EndToEnd.Tests.SwitchGap;

/// <summary>Tests the analysis with generated recordings that have known faults.</summary>
internal sealed class SwitchGapAnalysisTests
{
    private const int SampleRate = 48_000;
    private const double Amplitude = 0.25;

    /// <summary>
    /// The time of the fault in a recording, in seconds. With the delay <see cref="Latency"/>, the sweep restarts at 0.46 s + n · 0.5 s.
    /// </summary>
    private const double Fault = 0.7;

    private const double Latency = 0.16;

    [Test]
    public void Uninterrupted_recording_has_no_silent_skipped_repeated_or_doubled_audio()
    {
        var gap = Analyze(Played);

        Assert.That(gap, Is.EqualTo(new SwitchGap(0, 0, 0, 0, gap.Click)));
        Assert.That(gap.Click, Is.EqualTo(0.04).Within(0.01));
    }

    [TestCase(3)]
    [TestCase(10)]
    [TestCase(60)]
    [TestCase(200)]
    public void Duration_of_a_skipped_part_of_the_sweep_is_measured_within_half_a_millisecond(double ms)
    {
        var gap = Analyze(t => Played(t < Fault ? t : t + ms / 1000));

        Assert.That(gap.SkippedMs, Is.EqualTo(ms).Within(0.5));
        Assert.That(gap.RepeatedMs, Is.Zero);
        Assert.That(gap.SilenceMs, Is.Zero);
    }

    [TestCase(3)]
    [TestCase(10)]
    [TestCase(60)]
    [TestCase(200)]
    public void Duration_of_a_repeated_part_of_the_sweep_is_measured_within_half_a_millisecond(double ms)
    {
        var gap = Analyze(t => Played(t < Fault ? t : t - ms / 1000));

        Assert.That(gap.RepeatedMs, Is.EqualTo(ms).Within(0.5));
        Assert.That(gap.SkippedMs, Is.Zero);
        Assert.That(gap.SilenceMs, Is.Zero);
    }

    [TestCase(2)]
    [TestCase(20)]
    [TestCase(120)]
    public void Pause_of_the_sweep_counts_only_as_silence_if_the_sweep_continues_at_the_same_point(double ms)
    {
        var gap = Analyze(t => t < Fault ? Played(t) : t < Fault + ms / 1000 ? 0 : Played(t - ms / 1000));

        Assert.That(gap.SilenceMs, Is.EqualTo(ms).Within(0.3));
        Assert.That(gap.SkippedMs, Is.Zero.Within(0.5));
        Assert.That(gap.RepeatedMs, Is.Zero.Within(0.5));
    }

    [TestCase(2)]
    [TestCase(20)]
    [TestCase(120)]
    public void Muted_part_of_a_running_sweep_counts_as_silence_and_as_skipped_audio(double ms)
    {
        var gap = Analyze(t => t < Fault || t > Fault + ms / 1000 ? Played(t) : 0);

        Assert.That(gap.SilenceMs, Is.EqualTo(ms).Within(0.3));
        Assert.That(gap.SkippedMs, Is.EqualTo(ms).Within(0.5));
        Assert.That(gap.RepeatedMs, Is.Zero.Within(0.5));
    }

    [Test]
    public void Skipped_part_and_a_later_repeated_part_of_the_sweep_are_both_measured()
    {
        var gap = Analyze(t => Played(t is > Fault and < Fault + 0.1 ? t + 0.012 : t));

        Assert.That(gap.SkippedMs, Is.EqualTo(12).Within(0.5));
        Assert.That(gap.RepeatedMs, Is.EqualTo(12).Within(0.5));
    }

    [TestCase(40, 60)]
    [TestCase(90, 25)]
    [TestCase(6, 80)]
    public void Overlap_of_two_audio_paths_is_measured_as_doubled_audio(double apartMs, double lastingMs)
    {
        var gap = Analyze(t => Played(t) + (t is > Fault && t < Fault + lastingMs / 1000 ? Played(t - apartMs / 1000) : 0));

        Assert.That(gap.DoubledMs, Is.EqualTo(lastingMs).Within(15), "the window of a frame blurs the ends");
    }

    [Test]
    public void Cross_fade_of_10_ms_between_aligned_audio_paths_is_measured_as_inaudible()
    {
        var gap = Analyze(t =>
        {
            var share = Math.Clamp((t - Fault) / 0.01, 0, 1);
            return (1 - share) * Played(t) + share * Played(t - 0.0008);
        });

        Assert.That(gap.SilenceMs, Is.Zero);
        Assert.That(gap.SkippedMs, Is.Zero);
        Assert.That(gap.RepeatedMs, Is.Zero, "0.8 ms is below what a listener or a jitter buffer notices");
        Assert.That(gap.DoubledMs, Is.LessThanOrEqualTo(15));
        Assert.That(gap.Click, Is.LessThan(0.05));
    }

    [Test]
    public void Hard_cut_is_measured_as_a_click()
    {
        var gap = Analyze(t => Played(t < Fault ? t : t + 0.0401));

        Assert.That(gap.Click, Is.GreaterThan(0.5));
    }

    [Test]
    public void Silent_recording_counts_as_silence_for_its_whole_length()
    {
        var gap = Analyze(_ => 0);

        Assert.That(gap.SilenceMs, Is.EqualTo(1500));
    }

    [Test]
    public void Codec_noise_does_not_count_as_silent_skipped_repeated_or_doubled_audio()
    {
        var random = new Random(7);

        var gap = Analyze(t => Played(t) + 0.05 * (random.NextDouble() - 0.5));

        Assert.That((gap.SilenceMs, gap.SkippedMs, gap.RepeatedMs, gap.DoubledMs), Is.EqualTo((0, 0, 0, 0)));
    }

    private static double Played(double time) => TimeCode.At(time - Latency);

    private static SwitchGap Analyze(Func<double, double> played)
    {
        var samples = new float[SampleRate * 3 / 2];
        for (var i = 0; i < samples.Length; i++)
            samples[i] = (float)(Amplitude * played((double)i / SampleRate));
        return SwitchGapAnalysis.Analyze(new Recording(samples, SampleRate, 0));
    }
}
