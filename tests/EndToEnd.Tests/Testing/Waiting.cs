using System.Diagnostics;

namespace Hype.EndToEnd.Tests.Testing;

/// <summary>
/// Polls a condition outside the test process, which cannot notify the test. If the condition is still false at the time limit, fails with
/// a description.
/// </summary>
internal static class Waiting
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    /// <summary>Waits until a condition is true.</summary>
    /// <param name="condition">The condition, which is evaluated repeatedly.</param>
    /// <param name="limit">The time after which the wait fails.</param>
    /// <param name="describe">Returns the message of a failure.</param>
    /// <param name="hopeless">Returns true if the condition cannot come true any more; the wait then fails at once.</param>
    /// <exception cref="InvalidOperationException">The condition was not true within the limit.</exception>
    public static async Task UntilAsync(Func<Task<bool>> condition, TimeSpan limit, Func<string> describe, Func<bool>? hopeless = null)
    {
        var clock = Stopwatch.StartNew();
        using var timer = new PeriodicTimer(Interval);
        while (!await condition())
        {
            if (clock.Elapsed > limit || hopeless?.Invoke() == true)
                throw new InvalidOperationException($"After {clock.Elapsed.TotalSeconds:0.0} s: {describe()}");
            await timer.WaitForNextTickAsync();
        }
    }
}
