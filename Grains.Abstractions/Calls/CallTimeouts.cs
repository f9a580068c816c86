namespace Hype.Grains.Abstractions.Calls;

/// <summary>The timeouts of grain calls, as Orleans' attributes take them.</summary>
public static class CallTimeouts
{
    /// <summary>
    /// The timeout of one attempt of a call that a client waits for, directly or through a channel or a node. These calls are idempotent
    /// and are retried when no answer arrives, because a silo may have failed with the call; a second join of an identity replaces the
    /// first.
    /// </summary>
    public const string Attempt = "00:00:02";
}
