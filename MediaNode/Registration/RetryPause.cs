namespace Hype.MediaNode.Registration;

/// <summary>How a stream to a gateway ended.</summary>
internal enum StreamEnd
{
    /// <summary>It broke, or never came to be.</summary>
    Broken,

    /// <summary>The gateway does not want this node.</summary>
    Refused,

    /// <summary>It broke after it had served.</summary>
    Served,
}

/// <summary>
/// How long to wait before the next gateway is tried. Not at all after a stream that served: the control plane counts the moments in
/// which it does not hear this node. Then from 100 ms on, doubled each time: up to 1 s, so that a gateway that comes back finds its
/// nodes at once, or up to 5 s for a node that is refused, which a person must mend.
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
