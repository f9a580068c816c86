using Hype.EndToEnd.Tests.SwitchGap;
using Hype.EndToEnd.Tests.Voice;

namespace Hype.Cluster.Tests.Testing;

internal sealed class VoiceGapTests
{
    private const int SampleRate = 48_000;

    [Test]
    public void Uninterrupted_recording_has_no_measurable_gap() =>
        Assert.That(VoiceGap.Of(Recorded(TimeCode.At)), Is.AtMost(VoiceGap.Unsure));

    [Test]
    public void Gap_of_a_recording_is_the_longest_silence() =>
        Assert.That(VoiceGap.Of(Recorded(at => at is (> 1.1 and < 1.4) or (> 2.1 and < 2.2) ? 0 : TimeCode.At(at))), Is.EqualTo(300)
            .Within(VoiceGap.Unsure));

    [Test]
    public void Audio_from_packet_loss_concealment_counts_as_a_gap() =>
        Assert.That(VoiceGap.Of(Recorded(at => at is > 1.1 and < 1.5 ? Math.Sin(2 * Math.PI * 1700 * at) : TimeCode.At(at))),
            Is.EqualTo(400).Within(VoiceGap.Unsure));

    private static Recording Recorded(Func<double, double> sound) =>
        new([.. Enumerable.Range(0, 4 * SampleRate).Select(index => (float)(0.25 * sound((double)index / SampleRate)))], SampleRate, 0);
}
