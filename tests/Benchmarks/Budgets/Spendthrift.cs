using BenchmarkDotNet.Attributes;

namespace Hype.Benchmarks.Budgets;

/// <summary>
/// Allocates on purpose, for the self-test of the budget check. The class is sealed, so that BenchmarkDotNet does not list it among the
/// benchmarks.
/// </summary>
public sealed class Spendthrift
{
    /// <summary>The size of each allocated array in bytes, without the array's overhead.</summary>
    public const int Payload = 1000;

    // A field, so that no optimiser puts the array on the stack.
    private byte[] _last = [];
    private int _invocations;

    [IterationSetup(Target = nameof(Allocates_once))]
    public void Prepare() => _last = new byte[Payload];

    [Benchmark]
    public void Allocates_in_each_operation() => _last = new byte[Payload];

    [Benchmark(OperationsPerInvoke = 1000)]
    public int Allocates_once()
    {
        // One warm-up, then three counted operations.
        if (++_invocations == 4)
            _last = new byte[Payload];
        return _last.Length;
    }
}
