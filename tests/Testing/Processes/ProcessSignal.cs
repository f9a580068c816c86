using System.Runtime.InteropServices;

namespace Hype.Testing.Processes;

/// <summary>Sends signals to a process, by its id (signal(7)).</summary>
public static class ProcessSignal
{
    private const int SigKill = 9;
    private const int SigTerm = 15;

    /// <summary>Sends SIGKILL: ends the process at once; the kernel closes its files and sockets.</summary>
    public static void Kill(int pid) => Send(pid, SigKill);

    /// <summary>Sends SIGTERM: asks the process to shut down gracefully.</summary>
    public static void Terminate(int pid) => Send(pid, SigTerm);

    // If the process has exited meanwhile, the goal is reached.
    private static void Send(int pid, int signal) => _ = SendSignal(pid, signal);

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int SendSignal(int pid, int signal);
}
