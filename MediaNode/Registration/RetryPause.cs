namespace Hype.MediaNode.Registration;

/// <summary>The outcome of a stream to a gateway.</summary>
internal enum StreamEnd
{
    /// <summary>The stream broke, or was never established.</summary>
    Broken,

    /// <summary>The gateway refused this node.</summary>
    Refused,

    /// <summary>The stream broke after it had served.</summary>
    Served,
}

/// <summary>
/// The pause before the next gateway is tried. There is none after a stream that served, because the control plane measures this node's
/// silence. Otherwise it starts at 100 ms and doubles: up to 1 s, so that a returning gateway gets its nodes soon, or up to 5 s for a
/// refused node, which an operator must fix.
/// </summary>
internal sealed class RetryPause
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestBroken = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestRefused = TimeSpan.FromSeconds(5);

    private TimeSpan _next = First;

    public TimeSpan After(StreamEnd end)
    {
        if (end == StreamEnd.Served)
        {
            _next = First;
            return TimeSpan.Zero;
        }
        var longest = end == StreamEnd.Refused ? LongestRefused : LongestBroken;
        var pause = _next < longest ? _next : longest;
        _next = pause * 2;
        return pause;
    }
}
