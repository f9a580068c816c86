namespace Hype.Grains.Abstractions.Calls;

/// <summary>
/// Marks a grain call that may be repeated: executed twice, it leaves the same state as executed once, or state without a meaning for
/// anybody. Callers repeat only marked calls. A marked call has the timeout <see cref="CallTimeouts.Attempt"/>: it is repeated if its silo
/// is known to be dead, cannot be reached or does not answer in time, and by clients also when they lose any silo. The few
/// marked calls with a longer timeout are repeated only if their silo is known to be dead or cannot be reached.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class IdempotentAttribute : Attribute;
