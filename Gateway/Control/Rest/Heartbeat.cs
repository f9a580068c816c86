using System.Runtime.CompilerServices;

namespace Hype.Gateway.Control.Rest;

/// <summary>Something said at regular intervals on a stream that may be silent for long: whoever stands in between takes silence for death.</summary>
internal static class Heartbeat
{
    /// <summary>
    /// Proxies and load balancers cut a connection on which nothing comes for a while, many of them after 60 s by default
    /// (nginx: <c>proxy_read_timeout</c>), address translators of mobile networks after 30 s: half of the shortest.
    /// </summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    /// <summary>The items of <paramref name="source"/>; <paramref name="beat"/> each <see cref="Interval"/>, never while an item is being handled.</summary>
    public static async IAsyncEnumerable<T> WithHeartbeat<T>(
        this IAsyncEnumerable<T> source, Func<Task> beat, TimeProvider time, [EnumeratorCancellation] CancellationToken stop)
    {
        // Should a beat fail, the source must end before it may be disposed.
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
                    await beat();
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
