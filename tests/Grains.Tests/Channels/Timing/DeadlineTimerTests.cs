using Hype.Grains.Channels.Timing;
using Hype.Grains.Tests.Testing;
using Hype.Grains.Timing;
using Microsoft.Extensions.Time.Testing;

namespace Hype.Grains.Tests.Channels.Timing;

public sealed class DeadlineTimerTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch.AddYears(56);

    [TestCase(1500, 1500)]
    [TestCase(1500.2, 1501)]
    [TestCase(0, 1)]
    [TestCase(-100, 1)]
    public void Timer_due_time_is_rounded_up_to_whole_milliseconds(double untilDeadline, double due)
    {
        var timer = new FakeGrainTimer();
        new DeadlineTimer(timer, new SteadyClock(new FakeTimeProvider(Now))).Arm(Now.AddMilliseconds(untilDeadline));
        Assert.That(timer.Due, Is.EqualTo(TimeSpan.FromMilliseconds(due)));
    }

    [Test]
    public void Timer_without_a_deadline_is_disarmed()
    {
        var timer = new FakeGrainTimer();
        new DeadlineTimer(timer, new SteadyClock(new FakeTimeProvider(Now))).Arm(null);
        Assert.That(timer.Due, Is.EqualTo(Timeout.InfiniteTimeSpan));
    }
}
