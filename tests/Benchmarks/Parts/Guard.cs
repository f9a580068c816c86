using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Hype.Benchmarks.Parts;

/// <summary>A benchmark that measures failures is worse than none: it ends instead.</summary>
internal static class Guard
{
    public static void Holds([DoesNotReturnIf(false)] bool condition, [CallerArgumentExpression(nameof(condition))] string? expected = null)
    {
        if (!condition)
            Fail(expected);
    }

    [DoesNotReturn]
    private static void Fail(string? expected) => throw new InvalidOperationException($"The benchmark does not measure what it says: {expected} does not hold.");
}
