namespace Hype.Benchmarks.Budgets;

/// <summary>Tests the budget check itself before each run: the check must find a known allocation, and each kind of violation.</summary>
internal static class BudgetSelfTest
{
    // An array's overhead on 64 bits: the object's header, the method table, and the length.
    private const int ArrayOverhead = 24;

    public static void Run()
    {
        var known = AllocationMeter.CasesOf(typeof(Spendthrift)).Select(AllocationMeter.Measure)
            .OrderBy(allocation => allocation.Benchmark).ToArray();
        var (often, once) = (known[0], known[1]);
        Expect(often.PerOperation == Spendthrift.Payload + ArrayOverhead, "an allocation in each operation is counted to the byte");
        Expect(once.Bytes == Spendthrift.Payload + ArrayOverhead,
            "a single allocation in thousands of operations is counted, and set-up is not");

        Expect(Violations(often, budget: 1024).Length == 0, "a benchmark within its budget passes");
        Expect(Violations(often, budget: 1023).Length == 1, "a byte too many fails");
        Expect(Violations(once, budget: 0).Length == 1, "a single allocation fails a budget of 0");
        Expect(
            new AllocationBudgets(new Dictionary<string, long>()).Violations([often]).Count() == 1, "a benchmark without a budget fails");
        Expect(new AllocationBudgets(new Dictionary<string, long> { ["Unknown"] = 0 }).Violations([])
            .Count() == 1, "a budget without a benchmark fails");
    }

    private static string[] Violations(Allocation allocation, long budget) =>
        [.. new AllocationBudgets(new Dictionary<string, long> { [allocation.Benchmark] = budget }).Violations([allocation])];

    private static void Expect(bool holds, string sentence)
    {
        if (!holds)
            throw new InvalidOperationException($"The check of budgets is broken. It should be that {sentence}.");
    }
}
