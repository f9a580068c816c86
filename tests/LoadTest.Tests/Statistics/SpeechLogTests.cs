using Hype.LoadTest.Statistics;

namespace Hype.LoadTest.Tests.Statistics;

internal sealed class SpeechLogTests
{
    private const long Start = 1_000_000_000;
    private const long Frame = 20_000;

    [Test]
    public void Every_second_of_uninterrupted_speech_has_50_frames()
    {
        var log = Speech(10_000);

        Assert.That(Enumerable.Range(0, 200).Select(second => log.CountInSecond(second, Start, long.MaxValue)), Is.All.EqualTo(50));
    }

    [Test]
    public void Only_frames_between_the_given_times_are_counted()
    {
        var log = Speech(500);

        Assert.Multiple(() =>
        {
            Assert.That(log.CountInSecond(3, Start + 3_500_000, long.MaxValue), Is.EqualTo(25));
            Assert.That(log.CountInSecond(3, Start, Start + 3_100_000), Is.EqualTo(5));
            Assert.That(log.CountInSecond(3, Start + 4_000_000, long.MaxValue), Is.Zero);
            Assert.That(log.CountBetween(Start, Start), Is.Zero);
        });
    }

    [Test]
    public void Frames_are_numbered_in_the_order_of_sending()
    {
        var log = new SpeechLog(7, Start);

        Assert.That((log.Add(Start), log.Add(Start + Frame)), Is.EqualTo((0u, 1u)));
    }

    private static SpeechLog Speech(int frames)
    {
        var log = new SpeechLog(7, Start);
        for (var i = 0; i < frames; i++)
            log.Add(Start + (i * Frame));
        return log;
    }
}
