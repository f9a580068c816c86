using System.Diagnostics;

namespace Hype.EndToEnd.Tests.Testing;

/// <summary>Waiting for something outside the test process that nobody can notify us of: a bounded poll that says what was missing.</summary>
internal static class Waiting
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    /// <param name="condition">Asked again and again.</param>
    /// <param name="limit">After which the wait has failed.</param>
    /// <param name="describe">What the failure says.</param>
    /// <param name="hopeless">When true, waiting longer cannot help.</param>
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
