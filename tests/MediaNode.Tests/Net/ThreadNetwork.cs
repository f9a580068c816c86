using System.Diagnostics;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace Hype.MediaNode.Tests.Net;

/// <summary>
/// A network of its own for one thread, for tests that need addresses which the host does not have. It consists of a loopback interface
/// and ends with the thread and its sockets. Creating it requires CAP_SYS_ADMIN, and <c>ip</c>; a test without them is ignored.
/// </summary>
internal static partial class ThreadNetwork
{
    private const int NewNetwork = 0x40000000;

    /// <summary>Runs an action on a new thread, in a new network with additional addresses, and throws what the action throws.</summary>
    public static void Run(IEnumerable<string> addresses, Action action)
    {
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                if (!TryCreate(addresses))
                    Assert.Ignore("this user may not create a network, or `ip` is missing");
                action();
            }
            catch (Exception exception)
            {
                failure = exception;
            }
        });
        thread.Start();
        thread.Join();
        if (failure is not null)
            ExceptionDispatchInfo.Throw(failure);
    }

    // A child process begins in the network of the thread that starts it.
    private static bool TryCreate(IEnumerable<string> addresses)
    {
        if (!OperatingSystem.IsLinux() || Unshare(NewNetwork) != 0)
            return false;
        var commands = addresses.Select(address => $"ip address add {address} dev lo nodad").Prepend("ip link set lo up");
        using var ip = Process.Start("sh", ["-c", string.Join(" && ", commands)]);
        ip.WaitForExit();
        return ip.ExitCode == 0;
    }

    [LibraryImport("libc", EntryPoint = "unshare")]
    private static partial int Unshare(int flags);
}
