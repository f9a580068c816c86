namespace Hype.Testing.Waiting;

/// <summary>Waits for a condition that no event reports, and fails after a time that is far longer than any machine needs.</summary>
public static class Poll
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>The number of attempts without a pause between them: most conditions become true soon.</summary>
    private const int QuickAttempts = 100;

    /// <summary>Leaves the processor to the work that makes the condition true.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    public static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var timeout = new CancellationTokenSource(Limit);
        for (var attempt = 1; !await condition(); attempt++)
        {
            if (timeout.IsCancellationRequested)
                throw new TimeoutException($"The condition was not true after {Limit.TotalSeconds:F0} s.");
            if (attempt <= QuickAttempts)
                await Task.Yield();
            else
                await Task.Delay(Pause);
        }
    }

    public static Task UntilAsync(Func<bool> condition) => UntilAsync(() => Task.FromResult(condition()));
}
