using Orleans.Runtime.Messaging;

namespace Hype.Silo.Clustering;

/// <summary>
/// A call to a grain whose silo died is made again until the grain is up elsewhere: whoever waits for it is answered late and not
/// refused. What such a call may have done died with the silo's memory, or was stored and is done twice: settings and bans are then what they were,
/// and a second seat of the same identity replaces the first.
/// A call that timed out is made again only where its contract says how long one attempt may take (<see cref="ResponseTimeoutAttribute"/>):
/// a silo that died takes the calls that it was carrying out along, and nobody tells those who wait.
/// </summary>
internal sealed class CallRetry(TimeProvider time) : IOutgoingGrainCallFilter
{
    /// <summary>For how long: a little less than a gateway waits (<c>Hype:Signaling:CallTimeout</c>).</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    /// <summary>Between two attempts: a death is known after 1–3 s.</summary>
    internal static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    public async Task Invoke(IOutgoingGrainCallContext context)
    {
        for (var start = time.GetTimestamp(); ;)
        {
            try
            {
                await context.Invoke();
                return;
            }
            catch (Exception exception) when ((IsSiloGone(exception) || (exception is TimeoutException && MayBeRepeated(context))) && time.GetElapsedTime(start) < Patience)
            {
                // The next attempt finds out whether the cluster knows by now.
            }

            await Task.Delay(Pause, time);
        }
    }

    /// <summary>Dead, being given up, or not reached: in none of these did an answer get lost that the silo could still give.</summary>
    private static bool IsSiloGone(Exception exception) => exception is SiloUnavailableException or OrleansMessageRejectionException or ConnectionFailedException;

    private static bool MayBeRepeated(IOutgoingGrainCallContext context) => context.InterfaceMethod.IsDefined(typeof(ResponseTimeoutAttribute), inherit: false);
}
