using System.Diagnostics;

namespace Hype.EndToEnd.Tests.Testing;

/// <summary>
/// Waits for a condition outside the test process that sends no notification: a bounded poll with a descriptive failure.
/// </summary>
internal static class Waiting
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    /// <param name="condition">Evaluated repeatedly.</param>
    /// <param name="limit">The time after which the wait fails.</param>
    /// <param name="describe">The message of the failure.</param>
    /// <param name="hopeless">True when waiting longer cannot help.</param>
    /// <exception cref="InvalidOperationException">The condition did not come true.</exception>
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
