using System.Net;
using System.Net.Sockets;
using Hype.MediaNode.Net;

namespace Hype.LoadTest.Sdp;

/// <summary>Orders a node's addresses for the first attempts.</summary>
internal static class Candidates
{
    /// <summary>
    /// Selects addresses of the family with which this machine reaches the server; loopback addresses only if the server is on this
    /// machine, and then first. Otherwise the server's own order.
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
