using System.Diagnostics;
using Hype.LoadTest.Options;
using Hype.LoadTest.Targets;

namespace Hype.LoadTest.Running;

/// <summary>Finds the maximum number of sessions of a deployment: fills one channel after another until joins fail.</summary>
internal sealed class Ramp(LoadOptions options, IVoiceTarget target, Crowd crowd)
{
    // Failed joins that count as the limit: a single one may be chance.
    private const int FailuresEnough = 10;

    /// <returns>The reason why the ramp ended.</returns>
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
                catch (TargetException exception)
                {
                    why = exception.Message;
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
            // Also after Ctrl-C: no join may be in progress when all leave.
            await Task.WhenAll(joins);
        }

        stop.ThrowIfCancellationRequested();
        return $"The ramp ended at {crowd.Joins.Count(join => join.Failure is null):N0} sessions: {why}.";
    }
}
