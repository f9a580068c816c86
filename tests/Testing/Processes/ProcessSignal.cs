using System.Runtime.InteropServices;

namespace Hype.Testing.Processes;

/// <summary>What a test does to a process, by its id (signal(7)).</summary>
public static class ProcessSignal
{
    private const int SigKill = 9;
    private const int SigTerm = 15;
    private const int SigCont = 18;
    private const int SigStop = 19;

    /// <summary>Ends it at once: the kernel closes what it had open.</summary>
    public static void Kill(int pid) => Send(pid, SigKill);

    /// <summary>Asks it to end in order.</summary>
    public static void Terminate(int pid) => Send(pid, SigTerm);

    /// <summary>It does nothing more until <see cref="Thaw"/>; its sockets stay open, and what comes to them waits.</summary>
    public static void Freeze(int pid) => Send(pid, SigStop);

    public static void Thaw(int pid) => Send(pid, SigCont);

    // A process that has ended by itself meanwhile is what was wanted.
    private static void Send(int pid, int signal) => _ = SendSignal(pid, signal);

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int SendSignal(int pid, int signal);
}
