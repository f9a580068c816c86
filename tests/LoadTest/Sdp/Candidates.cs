using System.Net;
using System.Net.Sockets;
using Hype.MediaNode.Net;

namespace Hype.LoadTest.Sdp;

/// <summary>Selects and orders the candidates of a server for the attempts to connect.</summary>
internal static class Candidates
{
    /// <summary>
    /// Returns the candidates of the address family with which this machine reaches the server, in the server's order. Loopback
    /// candidates come first if the server is on this machine; otherwise they are left out.
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
