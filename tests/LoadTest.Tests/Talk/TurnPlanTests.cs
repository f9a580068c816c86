using Hype.LoadTest.Talk;

namespace Hype.LoadTest.Tests.Talk;

internal sealed class TurnPlanTests
{
    private const long Hour = 3_600_000_000;

    [Test]
    public void Two_parties_talk_both_and_are_silent_both_as_often_as_the_model_says()
    {
        // A cycle is one talking, then both (0.4) or nobody (0.6): 854 + 0.4 · 226 + 0.6 · 456 = 1218 ms on average.
        const double cycle = 854 + (0.4 * 226) + (0.6 * 456);

        var shares = Shares(new TurnPlan(2, Hour, seed: 1));

        Assert.Multiple(() =>
        {
            Assert.That(shares[0], Is.EqualTo(0.6 * 456 / cycle).Within(0.02), "nobody");
            Assert.That(shares[1], Is.EqualTo(854 / cycle).Within(0.02), "one");
            Assert.That(shares[2], Is.EqualTo(0.4 * 226 / cycle).Within(0.02), "both");
        });
    }

    [TestCase(2)]
    [TestCase(5)]
    public void The_floor_is_shared_evenly_and_never_by_more_than_two(int speakers)
    {
        var plan = new TurnPlan(speakers, Hour, seed: 4);

        var shares = Enumerable.Range(0, speakers).Select(speaker => plan.TurnsOf(speaker).Sum(turn => turn.Until - turn.From) / (double)Hour).ToArray();

        Assert.Multiple(() =>
        {
            Assert.That(shares, Is.All.EqualTo(shares.Average()).Within(0.12 * shares.Average()));
            Assert.That(Shares(plan).Skip(3), Is.All.Zero);
        });
    }

    [Test]
    public void The_same_seed_is_the_same_conversation_and_another_is_another()
    {
        var (one, same, other) = (new TurnPlan(3, Hour, 5), new TurnPlan(3, Hour, 5), new TurnPlan(3, Hour, 6));

        Assert.Multiple(() =>
        {
            Assert.That(same.TurnsOf(1), Is.EqualTo(one.TurnsOf(1)));
            Assert.That(other.TurnsOf(1), Is.Not.EqualTo(one.TurnsOf(1)));
        });
    }

    [Test]
    public void A_speaker_speaks_in_its_turns_and_the_conversation_begins_anew_when_it_is_over()
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
    public void One_alone_talks_and_pauses() => Assert.That(Shares(new TurnPlan(1, Hour, 1))[0], Is.EqualTo(456.0 / (854 + 456)).Within(0.02));

    /// <summary>Which part of the time nobody, one, two … speak, looked at every 5 ms.</summary>
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
