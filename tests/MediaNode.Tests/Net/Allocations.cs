namespace Hype.MediaNode.Tests.Net;

/// <summary>What a piece of work leaves on the heap.</summary>
internal static class Allocations
{
    private const int Tries = 3;

    /// <summary>
    /// Bytes allocated by <paramref name="repetitions"/> runs on this thread, after enough runs for everything lazy to exist. The least of
    /// a few tries: a collection that another thread causes meanwhile may count the rest of this thread's allocation context as
    /// allocated, once, while what the work itself allocates is there in every try.
    /// </summary>
    public static long Of(Action work, int repetitions)
    {
        // A twentieth: what only one mutation in fifty reaches has to be reached here too.
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
