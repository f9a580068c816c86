using System.Runtime.InteropServices;

namespace Hype.Benchmarks.Forward;

/// <summary>
/// Lowers the priority of the peers' threads. The peers stand for other machines, and must not delay the node when cores are scarce.
/// </summary>
internal static partial class Politeness
{
    private const int OfOneThread = 0;
    private const int Least = 19;

    /// <summary>
    /// Gives the calling thread the lowest priority, so that it yields to every other runnable thread (<c>setpriority(2)</c>).
    /// </summary>
    public static void GiveWay()
    {
        if (SetPriority(OfOneThread, 0, Least) != 0)
            throw new InvalidOperationException("A thread could not lower its own priority.");
    }

    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, uint id, int nice);
}
