namespace Hype.Grains.Abstractions.Calls;

/// <summary>The timeouts of grain calls, as strings for the attribute <c>[ResponseTimeout]</c> of Orleans.</summary>
public static class CallTimeouts
{
    /// <summary>
    /// The timeout of one attempt of a call that a client waits for. A caller repeats an idempotent call
    /// (<see cref="IdempotentAttribute"/>) when no answer arrives, because the silo that executed it may have failed.
    /// </summary>
    public const string Attempt = "00:00:02";
}
