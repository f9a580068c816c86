namespace Hype.MediaNode.Tests.Net;

/// <summary>What a piece of work leaves on the heap.</summary>
internal static class Allocations
{
    /// <summary>Bytes allocated by <paramref name="repetitions"/> runs on this thread, after enough runs for everything lazy to exist.</summary>
    public static long Of(Action work, int repetitions)
    {
        // A twentieth: what only one mutation in fifty reaches has to be reached here too.
        for (var i = 0; i < Math.Max(200, repetitions / 20); i++) work();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < repetitions; i++) work();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
