using Hype.Grains.Timing;

namespace Hype.Grains.Channels.Timing;

/// <summary>A grain timer that fires once, at a deadline that can be changed.</summary>
internal sealed class DeadlineTimer(IGrainTimer timer, SteadyClock clock)
{
    /// <summary>The options that create a timer without a deadline.</summary>
    public static GrainTimerCreationOptions Disarmed { get; } =
        new() { DueTime = Timeout.InfiniteTimeSpan, Period = Timeout.InfiniteTimeSpan, Interleave = true, KeepAlive = true };

    /// <param name="deadline">Null disarms the timer.</param>
    public void Arm(DateTimeOffset? deadline)
    {
        // Rounded up: a timer that fires early finds nothing due and fires again at once.
        var due = deadline is { } at
            ? TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling((at - clock.Now).TotalMilliseconds)))
            : Timeout.InfiniteTimeSpan;
        timer.Change(due, Timeout.InfiniteTimeSpan);
    }
}
