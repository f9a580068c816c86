namespace Hype.MediaNode.Registration;

/// <summary>The way in which a stream to a gateway ended.</summary>
internal enum StreamEnd
{
    /// <summary>The stream broke, or was never established.</summary>
    Broken,

    /// <summary>The gateway refused the registration of this node.</summary>
    Refused,

    /// <summary>The stream ended after the gateway had accepted the registration and acknowledged messages.</summary>
    Served,
}

/// <summary>
/// The pause before the node tries the next gateway. After a stream that served there is no pause, because the control plane measures the
/// silence of this node. Otherwise the pause starts at 100 ms and doubles: up to 1 s, so that a returning gateway soon gets its nodes, or
/// up to 5 s for a refused node, which an operator must fix.
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
