using System.Net;
using System.Net.Sockets;
using Hype.MediaNode.Net;

namespace Hype.LoadTest.Sdp;

/// <summary>Which of a node's addresses to try first.</summary>
internal static class Candidates
{
    /// <summary>
    /// Of the family that this machine reaches the server with; loopback ones only when the server is on this machine, and then
    /// first. The server's own order otherwise.
    /// </summary>
    public static IReadOnlyList<TransportAddress> InOrder(IReadOnlyList<TransportAddress> candidates, IPAddress local)
    {
        var isLoopback = IPAddress.IsLoopback(local);
        return
        [
            .. candidates
                .Where(candidate => candidate.IsIPv4 == (local.AddressFamily == AddressFamily.InterNetwork))
                .Where(candidate => isLoopback || !IsLoopback(candidate))
                .OrderBy(candidate => isLoopback && !IsLoopback(candidate)),
        ];
    }

    private static bool IsLoopback(TransportAddress address) => IPAddress.IsLoopback(address.ToIPEndPoint().Address);
}
