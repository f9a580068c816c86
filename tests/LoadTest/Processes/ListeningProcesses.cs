using System.Globalization;
using System.Net;

namespace Hype.LoadTest.Processes;

/// <summary>Finds the processes that listen at a TCP port of this machine (proc(5): <c>/proc/net/tcp</c>, <c>/proc/PID/fd</c>).</summary>
internal static class ListeningProcesses
{
    // st of /proc/net/tcp: TCP_LISTEN.
    private const string Listening = "0A";
    private const int LocalAddressColumn = 1;
    private const int StateColumn = 3;
    private const int InodeColumn = 9;

    /// <summary>
    /// Returns the ids of the processes that listen at the URL's port. The list is empty if the server is not on this machine, or if
    /// the processes' file descriptors are not readable.
    /// </summary>
    public static IReadOnlyList<int> At(Uri url, IPAddress local)
    {
        // The local address equals the server's only if the server is on this machine.
        if (!OperatingSystem.IsLinux() || !IsThisMachine(url, local))
            return [];
        var sockets = new[] { "/proc/net/tcp", "/proc/net/tcp6" }
            .Where(File.Exists)
            .SelectMany(File.ReadLines)
            .Select(line => InodeOfListener(line, url.Port))
            .OfType<string>()
            .Select(inode => $"socket:[{inode}]")
            .ToHashSet(StringComparer.Ordinal);
        return sockets.Count == 0 ? []
            : [.. Directory.EnumerateDirectories("/proc").Select(ProcessId).OfType<int>().Where(id => Holds(id, sockets))];
    }

    internal static string? InodeOfListener(string line, int port)
    {
        var columns = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return columns.Length > InodeColumn
            && columns[StateColumn] == Listening
            && int.TryParse(columns[LocalAddressColumn].AsSpan(columns[LocalAddressColumn].IndexOf(':') + 1), NumberStyles.HexNumber,
                CultureInfo.InvariantCulture, out var bound)
            && bound == port
                ? columns[InodeColumn]
                : null;
    }

    private static bool IsThisMachine(Uri url, IPAddress local) =>
        IPAddress.IsLoopback(local) || (
            IPAddress.TryParse(url.Host, out var address) ? address.Equals(local) : Dns.GetHostAddresses(url.DnsSafeHost).Contains(local));

    private static int? ProcessId(string folder) =>
        int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;

    private static bool Holds(int processId, HashSet<string> sockets)
    {
        try
        {
            return Directory.EnumerateFiles($"/proc/{processId}/fd")
                .Any(fd => new FileInfo(fd).LinkTarget is { } target && sockets.Contains(target));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false; // not readable, or the process has exited
        }
    }
}
