using System.Text.Json;

namespace Hype.Benchmarks.Budgets;

/// <summary>The number of bytes that each benchmark may allocate per operation, whatever its parameters (<c>budgets.json</c>).</summary>
internal sealed class AllocationBudgets(IReadOnlyDictionary<string, long> bytes)
{
    private static readonly JsonSerializerOptions Json = new() { ReadCommentHandling = JsonCommentHandling.Skip };

    public static AllocationBudgets Read()
    {
        using var file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "budgets.json"));
        return new AllocationBudgets(JsonSerializer.Deserialize<Dictionary<string, long>>(file, Json)!);
    }

    public long? Of(string benchmark) => bytes.TryGetValue(benchmark, out var budget) ? budget : null;

    /// <summary>Returns a sentence for each violation; empty: all benchmarks stay within their budgets.</summary>
    public IEnumerable<string> Violations(IReadOnlyCollection<Allocation> measured)
    {
        foreach (var allocation in measured)
        {
            if (Of(allocation.Benchmark) is not { } budget)
                yield return $"{allocation.Benchmark} has no budget: give it one in tests/Benchmarks/budgets.json.";
            else if (allocation.Bytes > budget * allocation.Operations)
                yield return $"{allocation} allocates {allocation.PerOperation:0.###} bytes per operation "
                    + $"({allocation.Bytes} in {allocation.Operations}); its budget is {budget}.";
        }

        foreach (var orphan in bytes.Keys.Except(measured.Select(allocation => allocation.Benchmark)))
            yield return $"{orphan} has a budget and no benchmark: take it out of tests/Benchmarks/budgets.json, or give it its new name.";
    }
}
