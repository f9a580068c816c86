namespace Hype.LoadTest.Signaling;

/// <summary>
/// The delays before the attempts to replace a lost socket: no delay before the first attempt, then 100 ms, doubled before each further
/// attempt up to 2 s. Each delay is shortened by a random part of up to one half, so that a thousand clients do not return in the same
/// millisecond.
/// </summary>
internal sealed class Backoff
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    private int _attempts;

    public TimeSpan Next()
    {
        var attempt = _attempts++;
        if (attempt == 0)
            return TimeSpan.Zero;
        var whole = Math.Min(Longest.TotalMilliseconds, First.TotalMilliseconds * Math.Pow(2, attempt - 1));
        return TimeSpan.FromMilliseconds(whole * (0.5 + (Random.Shared.NextDouble() / 2)));
    }
}
