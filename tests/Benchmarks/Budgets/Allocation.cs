namespace Hype.Benchmarks.Budgets;

/// <summary>What one case of a benchmark left on the heap.</summary>
/// <param name="Benchmark">Class and method: the name under which it has its budget.</param>
/// <param name="Case">Its parameters; empty: it has none.</param>
internal sealed record Allocation(string Benchmark, string Case, long Operations, long Bytes)
{
    public double PerOperation => (double)Bytes / Operations;

    public override string ToString() => Case.Length == 0 ? Benchmark : $"{Benchmark} ({Case})";
}
