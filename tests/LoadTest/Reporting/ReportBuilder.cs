using System.Diagnostics;
using Hype.LoadTest.Options;
using Hype.LoadTest.Processes;
using Hype.LoadTest.Running;
using Hype.LoadTest.Statistics;
using Hype.LoadTest.Targets;
using Hype.MediaClient;

namespace Hype.LoadTest.Reporting;

/// <summary>Builds the report of a run that has ended.</summary>
internal sealed class ReportBuilder(LoadOptions options, string target, Crowd crowd, ProcessMeter meter, RunClock clock)
{
    // ms: above this value the tool's own lateness is visible in the delay's percentiles.
    private const double LagWorthTelling = 10;

    public LoadReport Build()
    {
        // All seconds of the run, not only those with received audio: when media stops, the following frames are lost.
        var hearing = HearingCount.Of(crowd, options.ControlOnly ? 0 : clock.Seconds);
        var timeline = Timeline(hearing);
        var media = options.ControlOnly ? null : Media(hearing, timeline);
        var lag = Sum(tally => tally.SpeakerLag);
        return new LoadReport
        {
            Run = new RunFigures(
                target, options.Url.ToString(), options.Mode.ToString().ToLowerInvariant(), options.Talk.ToString()
                    .ToLowerInvariant(), options.Channels, options.Participants, options.Speakers,
                options.DeafSpeakers, options.Payload, Round(clock.SteadySeconds, 2), Round(100 * options.PacketLoss, 3),
                    options.Jitter.TotalMilliseconds, options.Churn, options.Seed),
            Joins = Joins(),
            Media = media,
            Signaling = Signaling(),
            Moves = MoveCount.Of(crowd),
            Server = Server(),
            Tool = new ToolFigures(Round(Process.GetCurrentProcess().TotalProcessorTime.TotalSeconds, 2), Spread.Of(lag)),
            Timeline = timeline,
            Notes = [.. Notes(media, lag)],
            Missed = [.. Missed(media)],
        };
    }

    private JoinFigures Joins()
    {
        var well = crowd.Joins.Where(join => join.Failure is null).ToArray();
        var last = options.ControlOnly ? JoinPhase.Admitted : JoinPhase.Connected;
        var firstAudio = new Histogram();
        foreach (var attendee in crowd.Everyone.Where(attendee => attendee.Ear.FirstAudioAt != 0))
            firstAudio.Add(attendee.Ear.FirstAudioAt - attendee.JoinedAt);
        return new JoinFigures(
            well.Length,
            CountBy(crowd.Joins.Select(join => join.Failure)),
            Spread.Of(Times(well, last)),
            Spread.Of(Times(well, JoinPhase.Admitted)),
            Spread.Of(firstAudio),
            Round(clock.JoiningSeconds > 0 ? clock.JoinedAtSteady / clock.JoiningSeconds : 0, 1),
            CountBy(crowd.Everyone.Select(attendee => attendee.Ear.LostReason)));
    }

    private MediaFigures Media(HearingCount hearing, IReadOnlyList<SecondFigures> timeline)
    {
        var (expected, received, unselected) = (hearing.Seconds.Sum(second => second.Expected),
            hearing.Seconds.Sum(second => second.Received), hearing.Seconds.Sum(second => second.NotSelected));
        var delay = new Histogram();
        foreach (var second in crowd.Tallies.SelectMany(tally => tally.Delays))
            delay.Add(second);
        var gaps = new Histogram();
        foreach (var gap in crowd.Everyone.SelectMany(attendee => attendee.Ear.SwitchGaps))
            gaps.Add(gap);
        var silences = SilenceCount.Of(crowd);
        var late = timeline.Sum(second => second.Late);
        var lost = Math.Max(0, expected - received);
        var unheard = expected == 0 ? 0 : 100.0 * (lost + late) / expected;
        return new MediaFigures(
            crowd.Tallies.Sum(tally => tally.Said),
            expected,
            received,
            lost,
            Round(expected == 0 ? 0 : 100.0 * lost / expected, 4),
            late,
            crowd.Tallies.Sum(tally => tally.Duplicated),
            unselected,
            crowd.Tallies.Sum(tally => tally.OnOtherPath),
            crowd.Tallies.Sum(tally => tally.Corrupt),
            Spread.Of(delay),
            Spread.Of(Sum(tally => tally.Jitter)),
            Spread.Of(gaps),
            Spread.Of(silences.Longest),
            silences.Worst,
            Round(EModel.Mos(delay.Percentile(50) / 1000.0, unheard), 2),
            Round(timeline.Where(second => second.Expected > 0).Select(second => EModel.Mos(second.P50Ms ?? 0, second.UnheardPercent))
                .DefaultIfEmpty(EModel.Worst).Min(), 2));
    }

    private SignalingFigures Signaling() => new(
        crowd.Everyone.Sum(attendee => attendee.Ear.Events),
        clock.TotalCpuSeconds > 0 ? Round(crowd.Everyone.Sum(attendee => attendee.Ear.Events) / clock.TotalCpuSeconds, 1) : null,
        clock.JoiningCpuSeconds > 0 ? Round(clock.JoinedAtSteady / clock.JoiningCpuSeconds, 1) : null,
        clock.MostSessions);

    private ServerFigures? Server()
    {
        if (meter.ProcessIds.Count == 0)
            return null;
        var cpu = clock.SteadyCpuSeconds;
        var (from, until) = ((int)Math.Ceiling(clock.SteadyFromSecond), (int)clock.SteadyUntilSecond);
        // All copies received in the whole seconds of the steady part, scaled to its length.
        var copies = crowd.Tallies.Sum(tally => tally.Delays.Skip(from).Take(until - from).Sum(second => second.Count));
        var forwarded = until > from ? copies * clock.SteadySeconds / (until - from) : 0;
        // In a mesh the participants carry the media themselves.
        var isMeasured = !options.ControlOnly && options.Mode == ChannelPolicy.Sfu && cpu > 0 && forwarded > 0;
        return new ServerFigures(
            meter.ProcessIds,
            Round(cpu, 2),
            Round(clock.SteadySeconds > 0 ? cpu / clock.SteadySeconds : 0, 3),
            Round(meter.ResidentMebibytes, 1),
            Round(meter.PeakMebibytes, 1),
            isMeasured ? Round(forwarded / cpu, 0) : null,
            isMeasured ? Round(1e6 * cpu / forwarded, 2) : null);
    }

    private List<SecondFigures> Timeline(HearingCount hearing) =>
    [
        .. hearing.Seconds.Select((counted, second) =>
        {
            var delays = new Histogram();
            foreach (var tally in crowd.Tallies.Where(tally => second < tally.Delays.Count))
                delays.Add(tally.Delays[second]);
            var spread = Spread.Of(delays);
            return new SecondFigures(second, counted.Expected, counted.Received, crowd.Tallies.Sum(
                tally => second < tally.Late.Count ? tally.Late[second] : 0), spread?.P50, spread?.P95, spread?.P99, spread?.Max);
        }),
    ];

    private IEnumerable<string> Notes(MediaFigures? media, Histogram lag)
    {
        if (clock.Remark is { } remark)
            yield return remark;
        if (media is { NotSelected: > 0 })
            yield return $"At times more participants talked than the server has slots "
                + $"({crowd.Everyone.Min(attendee => attendee.Ear.Slots)}): it did not forward {media.NotSelected} copies, which are not "
                + "counted as lost.";
        if (lag.Percentile(99) / 1000.0 > LagWorthTelling)
            yield return $"This tool could not keep up: 1 of 100 frames was sent {lag.Percentile(99) / 1000.0:0} ms late or more. Use "
                + "fewer participants here, or more machines.";
        if (meter.ProcessIds.Count == 0)
            yield return "The server's processes were not found on this machine: its CPU and memory are not in "
                + "the report (--processes names them).";
        if (meter.ProcessIds.Contains(Environment.ProcessId))
            yield return "The server and this tool are one process: its CPU is not the server's alone.";
    }

    private IEnumerable<string> Missed(MediaFigures? media)
    {
        if (options.MaxLoss is { } maxLoss && media is not null && media.LossPercent > maxLoss)
            yield return $"loss {media.LossPercent} % is above --max-loss {maxLoss} %";
        if (options.MaxP99 is { } maxP99 && media is not null && (media.DelayMs is null || media.DelayMs.P99 > maxP99))
            yield return media.DelayMs is null ? "nothing was heard, so --max-p99 is missed"
                : $"delay p99 {media.DelayMs.P99} ms is above --max-p99 {maxP99} ms";
        if ((options.MaxLoss ?? options.MaxP99) is null)
            yield break;
        if (crowd.Joins.Count(join => join.Failure is not null) is > 0 and var failed)
            yield return $"{failed} joins failed";
        // No audio is expected after a session was ended by the server, so the loss does not show it.
        if (crowd.Everyone.Count(attendee => attendee.Ear.LostReason is not null) is > 0 and var lost)
            yield return $"{lost} sessions were lost";
        if (media is { Received: 0 })
            yield return "nothing was heard";
    }

    private Histogram Sum(Func<VoiceTally, Histogram> part)
    {
        var sum = new Histogram();
        foreach (var tally in crowd.Tallies)
            sum.Add(part(tally));
        return sum;
    }

    private static Histogram Times(IEnumerable<JoinOutcome> joins, JoinPhase phase)
    {
        var times = new Histogram();
        foreach (var at in joins.Select(join => join.Phases.At(phase)).OfType<long>())
            times.Add(at);
        return times;
    }

    private static SortedDictionary<string, int> CountBy(IEnumerable<string?> reasons) =>
        new(reasons.OfType<string>().GroupBy(reason => reason)
            .ToDictionary(group => group.Key, group => group.Count()), StringComparer.Ordinal);

    private static double Round(double value, int digits) => Math.Round(value, digits);
}
