using System.Runtime.InteropServices;

namespace Hype.Testing.Processes;

/// <summary>Sends signals to a process, by its id (signal(7)).</summary>
public static class ProcessSignal
{
    private const int SigKill = 9;
    private const int SigTerm = 15;
    private const int SigContinue = 18;
    private const int SigStop = 19;

    /// <summary>Sends SIGKILL: ends the process at once; the kernel closes its files and sockets.</summary>
    public static void Kill(int pid) => Send(pid, SigKill);

    /// <summary>Sends SIGTERM: asks the process to shut down gracefully.</summary>
    public static void Terminate(int pid) => Send(pid, SigTerm);

    /// <summary>Sends SIGSTOP: the process runs no instruction until <see cref="Continue"/>; its sockets stay open.</summary>
    public static void Pause(int pid) => Send(pid, SigStop);

    /// <summary>Sends SIGCONT: a paused process continues.</summary>
    public static void Continue(int pid) => Send(pid, SigContinue);

    // If the process has exited meanwhile, the goal is reached.
    private static void Send(int pid, int signal) => _ = SendSignal(pid, signal);

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int SendSignal(int pid, int signal);
}
