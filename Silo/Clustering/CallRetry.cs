using Orleans.Runtime.Messaging;

namespace Hype.Silo.Clustering;

/// <summary>
/// A call to a grain whose silo died is made once more, and again until the grain is up elsewhere: whoever waits for it is answered
/// late and not refused. What such a call may have done died with the silo's memory; what it had stored (settings, bans) can be stored
/// twice. A call that timed out is not made again: its silo lives and may have carried it out.
/// </summary>
internal sealed class CallRetry(TimeProvider time) : IOutgoingGrainCallFilter
{
    /// <summary>For how long: a little less than a gateway waits (<c>Hype:Signaling:CallTimeout</c>).</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    /// <summary>Between two attempts: a death is known after 1–3 s.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    public async Task Invoke(IOutgoingGrainCallContext context)
    {
        await context.Invoke();
        if (context.Response?.Exception is null)
            return;

        for (var start = time.GetTimestamp(); IsSiloGone(context.Response?.Exception) && time.GetElapsedTime(start) < Patience;)
        {
            await Task.Delay(Pause, time);
            await context.Invoke();
        }
    }

    private static bool IsSiloGone(Exception? exception) => exception is SiloUnavailableException or OrleansMessageRejectionException or ConnectionFailedException;
}
