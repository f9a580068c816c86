namespace Hype.Grains.Abstractions.Calls;

/// <summary>The timeouts of grain calls, as strings for the attribute <c>[ResponseTimeout]</c> of Orleans.</summary>
public static class CallTimeouts
{
    /// <summary>
    /// The timeout of one attempt of a call that a client waits for. A caller repeats the call when no answer arrives, because the silo
    /// that executed it may have failed; all these calls may be repeated without harm. For example, a second join of an identity replaces
    /// the first.
    /// </summary>
    public const string Attempt = "00:00:02";
}
