using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Hype.Benchmarks.Parts;

/// <summary>Throws when an operation of a benchmark fails, because a benchmark that measures failures is worse than none.</summary>
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
