namespace Hype.MediaNode.Tests.Net;

/// <summary>Measures the heap allocations of a piece of work.</summary>
internal static class Allocations
{
    private const int Tries = 3;

    /// <summary>
    /// Returns the number of bytes that <paramref name="repetitions"/> runs of the work allocate on this thread, after a first series of
    /// runs for lazy initialisation. The result is the minimum of a few tries: a garbage collection caused by another thread may once
    /// count the rest of this thread's allocation context as allocated, but the allocations of the work itself appear in every try.
    /// </summary>
    public static long Of(Action work, int repetitions)
    {
        // A twentieth: code that only one mutation in fifty reaches must be reached here too.
        for (var i = 0; i < Math.Max(200, repetitions / 20); i++)
            work();
        var least = long.MaxValue;
        for (var t = 0; t < Tries && least > 0; t++)
            least = Math.Min(least, Once(work, repetitions));
        return least;
    }

    private static long Once(Action work, int repetitions)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < repetitions; i++)
            work();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
