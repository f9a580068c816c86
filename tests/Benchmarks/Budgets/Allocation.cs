namespace Hype.Benchmarks.Budgets;

/// <summary>The heap allocations of one benchmark case.</summary>
/// <param name="Benchmark">Class and method: the key of the budget.</param>
/// <param name="Case">The case's parameters; empty: none.</param>
internal sealed record Allocation(string Benchmark, string Case, long Operations, long Bytes)
{
    public double PerOperation => (double)Bytes / Operations;

    public override string ToString() => Case.Length == 0 ? Benchmark : $"{Benchmark} ({Case})";
}
