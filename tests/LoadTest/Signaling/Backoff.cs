namespace Hype.LoadTest.Signaling;

/// <summary>
/// How long to wait before each attempt to get a socket back: not at all before the first, then from 100 ms to 2 s, doubling, of which a
/// random half is taken off, so that a thousand clients do not come back in the same millisecond.
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
