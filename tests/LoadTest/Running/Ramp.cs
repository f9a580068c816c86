using System.Diagnostics;
using Hype.LoadTest.Options;
using Hype.LoadTest.Targets;

namespace Hype.LoadTest.Running;

/// <summary>Looks for the most sessions that a deployment holds: one full channel after the other, until joins fail.</summary>
internal sealed class Ramp(LoadOptions options, IVoiceTarget target, Crowd crowd)
{
    // Joins that go wrong before it counts as the limit: one alone may be chance.
    private const int FailuresEnough = 10;

    /// <returns>Why it grew no further.</returns>
    public async Task<string> GrowAsync(CancellationToken stop)
    {
        var joins = new List<Task>();
        var began = Stopwatch.StartNew();
        var why = $"--max-sessions {options.MaxSessions} was reached";
        try
        {
            for (var channel = 0; joins.Count < options.MaxSessions; channel++)
            {
                try
                {
                    await target.PrepareAsync([Crowd.NameOf(options, channel)], stop);
                }
                catch (TargetException error)
                {
                    why = error.Message;
                    break;
                }
                foreach (var place in crowd.PlacesOf(channel).Take(options.MaxSessions - joins.Count))
                {
                    var due = TimeSpan.FromSeconds(joins.Count / options.JoinRate);
                    if (due > began.Elapsed)
                        await Task.Delay(due - began.Elapsed, stop);
                    joins.Add(crowd.JoinAsync(place, stop));
                }
                if (crowd.Joins.Count(join => join.Failure is not null) < FailuresEnough)
                    continue;
                why = $"{FailuresEnough} joins had failed";
                break;
            }
        }
        finally
        {
            // Also after Ctrl-C: nobody may still be coming in when everyone leaves.
            await Task.WhenAll(joins);
        }
        stop.ThrowIfCancellationRequested();
        return $"The ramp ended at {crowd.Joins.Count(join => join.Failure is null):N0} sessions: {why}.";
    }
}
