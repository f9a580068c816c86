using System.Runtime.CompilerServices;

namespace Hype.Gateway.Control.Rest;

/// <summary>Sends a heartbeat at regular intervals on a stream that may be silent for long: proxies close a silent connection.</summary>
internal static class Heartbeat
{
    /// <summary>
    /// The interval of heartbeats: half of the shortest known timeout for silent connections. Many proxies and load balancers close such
    /// connections after 60 s by default (nginx: <c>proxy_read_timeout</c>), address translators of mobile networks after 30 s.
    /// </summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    /// <summary>
    /// Yields the items of <paramref name="source"/>, and calls <paramref name="heartbeat"/> after each <see cref="Interval"/>, but never
    /// while the consumer handles an item.
    /// </summary>
    public static async IAsyncEnumerable<T> WithHeartbeat<T>(
        this IAsyncEnumerable<T> source, Func<Task> heartbeat, TimeProvider time, [EnumeratorCancellation] CancellationToken stop)
    {
        // If a heartbeat fails, the source must end before it may be disposed.
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var timer = new PeriodicTimer(Interval, time);
        await using var items = source.GetAsyncEnumerator(ending.Token);
        var due = timer.WaitForNextTickAsync(CancellationToken.None).AsTask();
        while (true)
        {
            var next = items.MoveNextAsync().AsTask();
            try
            {
                while (await Task.WhenAny(next, due) != next)
                {
                    await heartbeat();
                    due = timer.WaitForNextTickAsync(CancellationToken.None).AsTask();
                }
            }
            finally
            {
                if (!next.IsCompleted)
                {
                    await ending.CancelAsync();
                    await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }
            }

            if (!await next)
                yield break;
            yield return items.Current;
        }
    }
}
