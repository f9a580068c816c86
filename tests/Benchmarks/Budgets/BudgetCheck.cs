using System.Reflection;

namespace Hype.Benchmarks.Budgets;

/// <summary>
/// Implements <c>-- budgets</c>: checks that every benchmark stays within its allocation budget. The check works on any build, because
/// optimisation never adds allocations.
/// </summary>
internal static class BudgetCheck
{
    /// <summary>Runs the check and returns the exit code: 0, or 1 after printing a sentence for each violation.</summary>
    public static int Run()
    {
        BudgetSelfTest.Run();
        var budgets = AllocationBudgets.Read();
        var measured = AllocationMeter.CasesIn(Assembly.GetExecutingAssembly()).Select(AllocationMeter.Measure).ToArray();
        Print(measured, budgets);

        var violations = budgets.Violations(measured).ToArray();
        foreach (var violation in violations)
            Console.Error.WriteLine(violation);
        return violations.Length == 0 ? 0 : 1;
    }

    private static void Print(Allocation[] measured, AllocationBudgets budgets)
    {
        var name = measured.Max(allocation => allocation.Benchmark.Length);
        var parameters = measured.Max(allocation => allocation.Case.Length);
        Console.WriteLine($"{"benchmark".PadRight(name)}  {"".PadRight(parameters)}  {"operations",10}  {"B/op",8}  {"budget",6}");
        foreach (var allocation in measured)
        {
            var budget = budgets.Of(allocation.Benchmark)?.ToString() ?? "none";
            Console.WriteLine(
                $"{allocation.Benchmark.PadRight(name)}  {allocation.Case.PadRight(parameters)}  {allocation.Operations,10}  "
                + $"{allocation.PerOperation,8:0.###}  {budget,6}");
        }
    }
}
