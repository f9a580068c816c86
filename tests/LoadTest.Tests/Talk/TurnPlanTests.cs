using Hype.LoadTest.Talk;

namespace Hype.LoadTest.Tests.Talk;

internal sealed class TurnPlanTests
{
    private const long Hour = 3_600_000_000;

    [Test]
    public void Two_speakers_overlap_and_pause_as_often_as_in_the_conversation_model_of_ITU_T_P59()
    {
        // A cycle is one speaker, then both (0.4) or silence (0.6): 854 + 0.4 · 226 + 0.6 · 456 = 1218 ms on average.
        const double cycle = 854 + (0.4 * 226) + (0.6 * 456);

        var shares = Shares(new TurnPlan(2, Hour, seed: 1));

        Assert.Multiple(() =>
        {
            Assert.That(shares[0], Is.EqualTo(0.6 * 456 / cycle).Within(0.02), "none");
            Assert.That(shares[1], Is.EqualTo(854 / cycle).Within(0.02), "one");
            Assert.That(shares[2], Is.EqualTo(0.4 * 226 / cycle).Within(0.02), "both");
        });
    }

    [TestCase(2)]
    [TestCase(5)]
    public void Speakers_of_a_plan_talk_for_equal_shares_of_time_and_at_most_two_talk_at_once(int speakers)
    {
        var plan = new TurnPlan(speakers, Hour, seed: 4);

        var shares = Enumerable.Range(0, speakers)
            .Select(speaker => plan.TurnsOf(speaker).Sum(turn => turn.Until - turn.From) / (double)Hour).ToArray();

        Assert.Multiple(() =>
        {
            Assert.That(shares, Is.All.EqualTo(shares.Average()).Within(0.12 * shares.Average()));
            Assert.That(Shares(plan).Skip(3), Is.All.Zero);
        });
    }

    [Test]
    public void Conversation_plan_is_equal_for_the_same_seed_and_differs_for_another_seed()
    {
        var (one, same, other) = (new TurnPlan(3, Hour, 5), new TurnPlan(3, Hour, 5), new TurnPlan(3, Hour, 6));

        Assert.Multiple(() =>
        {
            Assert.That(same.TurnsOf(1), Is.EqualTo(one.TurnsOf(1)));
            Assert.That(other.TurnsOf(1), Is.Not.EqualTo(one.TurnsOf(1)));
        });
    }

    [Test]
    public void Speaker_talks_only_in_the_planned_intervals_and_the_plan_repeats_after_its_end()
    {
        var plan = new TurnPlan(2, 10_000_000, seed: 2);
        var turn = plan.TurnsOf(0).First(turn => turn.From > 0);
        var speaker = plan.SpeakerAt(0);

        Assert.Multiple(() =>
        {
            Assert.That(speaker.SpeaksAt(turn.From - 1), Is.False);
            Assert.That(speaker.SpeaksAt(turn.From), Is.True);
            Assert.That(speaker.SpeaksAt(turn.Until), Is.False);
            Assert.That(speaker.SpeaksAt(plan.Length + turn.From), Is.True);
        });
    }

    [Test]
    public void Single_speaker_pauses_for_456_ms_after_854_ms_of_speech_on_average() =>
        Assert.That(Shares(new TurnPlan(1, Hour, 1))[0], Is.EqualTo(456.0 / (854 + 456)).Within(0.02));

    /// <summary>Returns the shares of time with 0, 1, 2 … speakers, sampled every 5 ms.</summary>
    private static double[] Shares(TurnPlan plan)
    {
        const long step = 5_000;
        var counts = new double[8];
        var speakers = Enumerable.Range(0, plan.Speakers).Select(plan.SpeakerAt).ToArray();
        for (long time = 0; time < plan.Length; time += step)
            counts[speakers.Count(speaker => speaker.SpeaksAt(time))] += (double)step / plan.Length;
        return counts;
    }
}
