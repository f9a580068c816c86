using Hype.Grains.Tests.Testing;
using Hype.Grains.Timing;

namespace Hype.Grains.Tests.Timing;

public sealed class SteadyClockTests
{
    [TestCase(180)]
    [TestCase(-180)]
    public void Clock_starts_with_the_wall_clock_and_ignores_its_corrections(double seconds)
    {
        var time = new SteppedTime();
        var clock = new SteadyClock(time);
        var start = clock.Now;
        Assert.That(start, Is.EqualTo(time.GetUtcNow()));
        time.Step(TimeSpan.FromSeconds(seconds));
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.That(clock.Now, Is.EqualTo(start.AddSeconds(2)));
    }

    [Test]
    public void Time_before_an_endless_duration_is_the_earliest_time()
    {
        var now = DateTimeOffset.UnixEpoch;
        Assert.That(SteadyClock.Before(now, TimeSpan.FromSeconds(3)), Is.EqualTo(now.AddSeconds(-3)));
        Assert.That(SteadyClock.Before(now, TimeSpan.MaxValue), Is.EqualTo(DateTimeOffset.MinValue));
    }
}
