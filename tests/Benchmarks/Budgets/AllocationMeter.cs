using System.Reflection;
using BenchmarkDotNet.Running;

namespace Hype.Benchmarks.Budgets;

/// <summary>
/// Runs a benchmark in this process and counts exactly the bytes that it allocates in a few thousand operations. Parameters, set-up and
/// clean-up come from BenchmarkDotNet's description of the benchmark, so that this meter and BenchmarkDotNet run the same code.
/// </summary>
internal static class AllocationMeter
{
    // The first calls run lazy initialisation, and are not counted.
    private const int Warmup = 500;
    private const int Invocations = 5_000;

    // For benchmarks that prepare each invocation and run many operations in one.
    private const int PreparedWarmup = 1;
    private const int PreparedInvocations = 3;

    /// <summary>Returns all benchmark cases of an assembly. Sealed classes are left out, as in BenchmarkDotNet.</summary>
    public static IEnumerable<BenchmarkCase> CasesIn(Assembly assembly) =>
        assembly.GetExportedTypes().Where(type => !type.IsAbstract && !type.IsSealed).OrderBy(type => type.Name).SelectMany(CasesOf);

    public static BenchmarkCase[] CasesOf(Type type) => BenchmarkConverter.TypeToBenchmarks(type).BenchmarksCases;

    public static Allocation Measure(BenchmarkCase measured)
    {
        var descriptor = measured.Descriptor;
        var instance = Activator.CreateInstance(descriptor.Type)!;
        foreach (var parameter in measured.Parameters.Items)
            descriptor.Type.GetProperty(parameter.Name)!.SetValue(instance, parameter.Value);

        descriptor.GlobalSetupMethod?.Invoke(instance, null);
        var isPrepared = descriptor.IterationSetupMethod is not null;
        var work = WorkOf(descriptor.WorkloadMethod, instance);
        Count(isPrepared ? PreparedWarmup : Warmup);
        var invocations = isPrepared ? PreparedInvocations : Invocations;
        var bytes = Count(invocations);
        descriptor.GlobalCleanupMethod?.Invoke(instance, null);

        var name = $"{descriptor.Type.Name}.{descriptor.WorkloadMethod.Name}";
        return new Allocation(name, string.Join(", ", measured.Parameters.Items.Select(item => item.Value)),
            (long)invocations * descriptor.OperationsPerInvoke, bytes);

        long Count(int times)
        {
            var counted = 0L;
            for (var i = 0; i < times; i++)
            {
                descriptor.IterationSetupMethod?.Invoke(instance, null);
                var before = GC.GetAllocatedBytesForCurrentThread();
                work();
                counted += GC.GetAllocatedBytesForCurrentThread() - before;
                descriptor.IterationCleanupMethod?.Invoke(instance, null);
            }

            return counted;
        }
    }

    // A call by reflection would allocate.
    private static Action WorkOf(MethodInfo method, object instance)
    {
        if (method.ReturnType == typeof(void))
            return method.CreateDelegate<Action>(instance);
        var discarding = typeof(AllocationMeter).GetMethod(nameof(Discarding), BindingFlags.NonPublic | BindingFlags.Static)!;
        return (Action)discarding.MakeGenericMethod(method.ReturnType).Invoke(null, [method, instance])!;
    }

    private static Action Discarding<T>(MethodInfo method, object instance)
    {
        var work = method.CreateDelegate<Func<T>>(instance);
        return () => work();
    }
}
