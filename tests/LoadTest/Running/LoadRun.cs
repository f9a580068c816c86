using System.Diagnostics;
using Hype.LoadTest.Display;
using Hype.LoadTest.Options;
using Hype.LoadTest.Processes;
using Hype.LoadTest.Reporting;
using Hype.LoadTest.Targets;
using Hype.MediaClient;

namespace Hype.LoadTest.Running;

/// <summary>
/// Performs one run: (1) all participants join at the configured rate; (2) they talk for the configured duration, some of them are
/// replaced by new ones (churn), and a hostile member sends to the first channel if configured; (3) all fall silent, and the frames in
/// flight arrive; (4) all leave.
/// </summary>
internal sealed class LoadRun(LoadOptions options, IVoiceTarget target, ProcessMeter meter, IProgressDisplay display)
{
    // The period of the display and of measuring the server's processes.
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    // Time for the last frames to arrive.
    private static readonly TimeSpan Drain = TimeSpan.FromMilliseconds(500);

    public async Task<LoadReport> RunAsync(CancellationToken stop)
    {
        await target.PrepareAsync(
            [.. Enumerable.Range(0, options.Ramp ? 1 : options.Channels).Select(index => Crowd.NameOf(options, index))], stop);
        using var crowd = new Crowd(options, target);
        var clock = new RunClock(crowd.Start, meter);
        HostileFigures? figures = null;
        using var looking = new CancellationTokenSource();
        var look = LookAsync(crowd, clock, looking.Token);
        try
        {
            // 1. All join.
            if (options.Ramp)
                clock.Remark = await new Ramp(options, target, crowd).GrowAsync(stop);
            else
                await JoinAllAsync(crowd, stop);

            // 2. Talk. The cost is counted from here, because joins have their own cost.
            using var hostile = crowd.NewHostileMember();
            clock.StartSteadyPart(crowd.Joins.Count(join => join.Failure is null), PeerDriver.Now);
            using var talking = CancellationTokenSource.CreateLinkedTokenSource(stop);
            talking.CancelAfter(options.Duration);
            await Task.WhenAll(ChurnAsync(crowd, talking.Token), hostile?.RunAsync(talking.Token) ?? Task.CompletedTask);
            figures = hostile?.Figures;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Ctrl-C: the report covers the measurements so far.
        }

        // 3. Silence.
        clock.End(PeerDriver.Now);
        await Task.WhenAll(crowd.Everyone.Select(attendee => attendee.FallSilentAsync()));
        await Task.Delay(Drain, CancellationToken.None);
        await looking.CancelAsync();
        await look;

        // 4. All leave.
        await crowd.LeaveAsync();
        return new ReportBuilder(options, target.Name, crowd, meter, clock).Build() with { Hostile = figures };
    }

    private async Task JoinAllAsync(Crowd crowd, CancellationToken stop)
    {
        var joins = new List<Task>();
        var began = Stopwatch.StartNew();
        try
        {
            foreach (var place in crowd.Places())
            {
                var due = TimeSpan.FromSeconds(joins.Count / options.JoinRate);
                if (due > began.Elapsed)
                    await Task.Delay(due - began.Elapsed, stop);
                joins.Add(crowd.JoinAsync(place, stop));
            }
        }
        finally
        {
            // Also after Ctrl-C: no join may be in progress when all leave.
            await Task.WhenAll(joins);
        }

        stop.ThrowIfCancellationRequested();
    }

    /// <summary>
    /// Replaces participants until the time is over: after each random pause a random participant leaves, and a new one takes its
    /// place.
    /// </summary>
    private async Task ChurnAsync(Crowd crowd, CancellationToken talking)
    {
        var random = new Random(options.Seed);
        var changes = new List<Task>();
        try
        {
            while (options.Churn > 0)
            {
                // Independent departures: exponential times between them.
                await Task.Delay(TimeSpan.FromMinutes(-Math.Log(1 - random.NextDouble()) / options.Churn), talking);
                var present = crowd.Everyone.Where(attendee => attendee.IsIn).ToArray();
                if (present.Length > 0)
                    changes.Add(ReplaceAsync(crowd, present[random.Next(present.Length)]));
            }

            await Task.Delay(Timeout.InfiniteTimeSpan, talking);
        }
        catch (OperationCanceledException) when (talking.IsCancellationRequested)
        {
            await Task.WhenAll(changes);
        }
    }

    private static async Task ReplaceAsync(Crowd crowd, Attendee leaver)
    {
        await leaver.LeaveAsync();
        await crowd.JoinAsync(leaver.Place, CancellationToken.None);
    }

    private async Task LookAsync(Crowd crowd, RunClock clock, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(LookInterval);
        var before = Glance.Nothing;
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                meter.Look();
                var now = Glance.At(crowd, meter);
                clock.See(now.Present);
                display.Show(now, before);
                before = now;
            }
        }
        catch (OperationCanceledException)
        {
            // The run is over.
        }
    }
}
