using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Hype.Benchmarks.Parts;

/// <summary>Ends a benchmark with an exception when an operation fails: measuring failures is worse than no measurement.</summary>
internal static class Guard
{
    public static void Holds(
        [DoesNotReturnIf(false)] bool condition, [CallerArgumentExpression(nameof(condition))] string? expected = null)
    {
        if (!condition)
            Fail(expected);
    }

    [DoesNotReturn]
    private static void Fail(string? expected) =>
        throw new InvalidOperationException($"The benchmark measures something else: {expected} does not hold.");
}
