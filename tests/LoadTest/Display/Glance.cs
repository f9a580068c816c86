using Hype.LoadTest.Processes;
using Hype.LoadTest.Running;
using Hype.LoadTest.Statistics;
using Hype.MediaClient;

namespace Hype.LoadTest.Display;

/// <summary>The figures of a run at one moment, which the display shows. Counters are sums since the start of the run.</summary>
/// <param name="Elapsed">The time since the first join.</param>
/// <param name="Late">The number of packets sent in the last whole second that arrived too late for a jitter buffer.</param>
/// <param name="Delay">The delay, in µs, of the packets sent in the last whole second.</param>
internal sealed record Glance(
    TimeSpan Elapsed, int Present, int Failed, int Lost, int SwitchesUnderWay, long Said, long Received, long Late, Histogram Delay,
        double CpuSeconds, double ResidentMebibytes)
{
    public static readonly Glance Nothing = new(TimeSpan.Zero, 0, 0, 0, 0, 0, 0, 0, new Histogram(), 0, 0);

    public static Glance At(Crowd crowd, ProcessMeter meter)
    {
        var elapsed = PeerDriver.Now - crowd.Start;
        var second = (int)(elapsed / 1_000_000) - 1;
        var delay = new Histogram();
        // The threads continue to write; a past second hardly changes any more, and only the display reads it here.
        foreach (var tally in crowd.Tallies.Where(tally => second >= 0 && second < tally.Delays.Count))
            delay.Add(tally.Delays[second]);
        return new Glance(
            TimeSpan.FromMicroseconds(elapsed),
            crowd.Everyone.Count(attendee => attendee.IsIn),
            crowd.Joins.Count(join => join.Failure is not null),
            crowd.Everyone.Count(attendee => attendee.Ear.LostReason is not null),
            crowd.Everyone.Count(attendee => attendee.Ear.IsSwitching),
            crowd.Tallies.Sum(tally => tally.Said),
            crowd.Tallies.Sum(tally => tally.Received),
            crowd.Tallies.Sum(tally => LateIn(tally, second)),
            delay,
            meter.CpuSeconds,
            meter.ResidentMebibytes);
    }

    private static long LateIn(VoiceTally tally, int second) => second >= 0 && second < tally.Late.Count ? tally.Late[second] : 0;
}
