namespace Hype.Benchmarks.Budgets;

/// <summary>The bytes that one benchmark case allocated on the heap, and the number of operations that allocated them.</summary>
/// <param name="Benchmark">The class and method of the benchmark, which are the key of its budget.</param>
/// <param name="Case">The parameters of the case; empty: none.</param>
internal sealed record Allocation(string Benchmark, string Case, long Operations, long Bytes)
{
    public double PerOperation => (double)Bytes / Operations;

    public override string ToString() => Case.Length == 0 ? Benchmark : $"{Benchmark} ({Case})";
}
