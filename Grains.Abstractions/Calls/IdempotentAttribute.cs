namespace Hype.Grains.Abstractions.Calls;

/// <summary>
/// Marks a grain call that may be repeated: executed twice, it leaves the same state as executed once, or state without a meaning for
/// anybody. Callers repeat only marked calls: when the silo of the grain is known to be dead or does not answer in time, and clients also
/// when any connection to a silo ends. A marked call has the timeout <see cref="CallTimeouts.Attempt"/>; one with a longer timeout is
/// repeated only if its silo is known to be dead.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class IdempotentAttribute : Attribute;
