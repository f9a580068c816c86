namespace Hype.Cluster.Tests.Testing;

internal sealed class AudioGapTests
{
    private const long Delay = 300;

    [Test]
    public void Complete_reception_has_no_gap()
    {
        var gap = AudioGap.Of(Heard(frame => true), first: 0);

        Assert.That((gap.Lost, gap.Silence, gap.LostFrames), Is.EqualTo((0.0, 0.0, 0)));
    }

    [Test]
    public void Gap_is_the_longest_run_of_lost_frames_and_not_the_sum_of_all_runs()
    {
        var gap = AudioGap.Of(Heard(frame => frame is not (10 or 11 or 12 or 20)), first: 0);

        Assert.That((gap.Lost, gap.Silence, gap.LostFrames), Is.EqualTo((60.0, 60.0, 4)));
        Assert.That(gap.HeardAgainAt, Is.EqualTo((13 * 20_000) + Delay));
    }

    [Test]
    public void Frames_lost_before_the_start_of_the_measurement_are_not_counted()
    {
        var gap = AudioGap.Of(Heard(frame => frame is not (10 or 20)), first: 15);

        Assert.That(gap.LostFrames, Is.EqualTo(1));
    }

    [Test]
    public void Late_frame_counts_as_silence_and_not_as_a_lost_frame()
    {
        var frames = Heard(frame => frame < 10);
        frames.Add(10, 10 * 20_000, (10 * 20_000) + 500_000);

        var gap = AudioGap.Of(frames, first: 0);

        Assert.That(gap.Lost, Is.Zero);
        Assert.That(gap.Silence, Is.EqualTo(499.7).Within(0.001));
    }

    [Test]
    public void Duplicate_of_a_frame_does_not_change_the_arrival_time_of_the_frame()
    {
        var frames = Heard(frame => true);

        Assert.That(frames.Add(10, 10 * 20_000, 9_000_000), Is.False);
        Assert.That(AudioGap.Of(frames, first: 0).Silence, Is.Zero);
    }

    [Test]
    public void Stream_is_steady_if_the_last_frames_are_consecutive_and_none_precedes_the_given_first_frame()
    {
        var frames = Heard(frame => frame < 20 || frame >= 30);

        Assert.That(frames.IsSteadyFrom(first: 25, frames: 10), Is.True);
        Assert.That(frames.IsSteadyFrom(first: 25, frames: 11), Is.False, "one of the last eleven frames was lost");
        Assert.That(frames.IsSteadyFrom(first: 35, frames: 10), Is.False, "half of the last ten frames are too old");
    }

    /// <summary>
    /// Returns the arrivals of forty frames that were sent every 20 ms; <paramref name="arrives"/> selects the frames that are not lost.
    /// </summary>
    private static FrameArrivals Heard(Predicate<int> arrives)
    {
        var frames = new FrameArrivals();
        for (var frame = 0; frame < 40; frame++)
        {
            if (arrives(frame))
                frames.Add((uint)frame, frame * 20_000, (frame * 20_000) + Delay);
        }

        return frames;
    }
}
