using System.Runtime.InteropServices;

namespace Hype.Benchmarks.Forward;

/// <summary>Peers stand for other machines: where there are fewer cores than threads, they must not be what the node waits for.</summary>
internal static partial class Politeness
{
    private const int OfOneThread = 0;
    private const int Least = 19;

    /// <summary>The thread that calls gives way to any other that has something to do (<c>setpriority(2)</c>).</summary>
    public static void GiveWay()
    {
        if (SetPriority(OfOneThread, 0, Least) != 0)
            throw new InvalidOperationException("A thread could not lower its own priority.");
    }

    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, uint who, int nice);
}
