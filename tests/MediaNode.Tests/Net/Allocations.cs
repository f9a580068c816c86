namespace Hype.MediaNode.Tests.Net;

/// <summary>What a piece of work leaves on the heap.</summary>
internal static class Allocations
{
    /// <summary>Bytes allocated by <paramref name="repetitions"/> runs on this thread, after enough runs for everything lazy to exist.</summary>
    public static long Of(Action work, int repetitions)
    {
        for (var i = 0; i < 200; i++) work();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < repetitions; i++) work();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
