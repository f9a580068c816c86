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
    public void Longest_run_of_lost_frames_is_the_gap()
    {
        var gap = AudioGap.Of(Heard(frame => frame is not (10 or 11 or 12 or 20)), first: 0);

        Assert.That((gap.Lost, gap.Silence, gap.LostFrames), Is.EqualTo((60.0, 60.0, 4)));
        Assert.That(gap.HeardAgainAt, Is.EqualTo((13 * 20_000) + Delay));
    }

    [Test]
    public void Frames_lost_earlier_do_not_count()
    {
        var gap = AudioGap.Of(Heard(frame => frame is not (10 or 20)), first: 15);

        Assert.That(gap.LostFrames, Is.EqualTo(1));
    }

    [Test]
    public void Late_frame_is_silence_and_not_lost()
    {
        var frames = Heard(frame => frame < 10);
        frames.Add(10, 10 * 20_000, (10 * 20_000) + 500_000);

        var gap = AudioGap.Of(frames, first: 0);

        Assert.That(gap.Lost, Is.Zero);
        Assert.That(gap.Silence, Is.EqualTo(499.7).Within(0.001));
    }

    [Test]
    public void Repeated_frame_keeps_the_first_arrival()
    {
        var frames = Heard(frame => true);

        Assert.That(frames.Add(10, 10 * 20_000, 9_000_000), Is.False);
        Assert.That(AudioGap.Of(frames, first: 0).Silence, Is.Zero);
    }

    [Test]
    public void Stream_is_gapless_when_the_last_frames_are_consecutive_and_new()
    {
        var frames = Heard(frame => frame < 20 || frame >= 30);

        Assert.That(frames.IsSteadyFrom(first: 25, frames: 10), Is.True);
        Assert.That(frames.IsSteadyFrom(first: 25, frames: 11), Is.False, "one of them was lost");
        Assert.That(frames.IsSteadyFrom(first: 35, frames: 10), Is.False, "half of them are old");
    }

    /// <summary>Forty frames, sent every 20 ms, of which some arrive.</summary>
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
