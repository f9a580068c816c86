using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Hype.Grains.Abstractions.MediaNodes;

namespace Hype.Gateway.Sdp;

/// <summary>
/// A node's addresses in the form of SDP (RFC 8839 §5.1, RFC 6544 §4.5): <c>candidate:1 1 udp 2130714623 192.0.2.1 40000 typ host</c>.
/// <code>
/// priority (RFC 8445 §5.1.2.1) = | 0 | type preference 7 | local preference 16 | 256 - component 8 |
/// local preference             = | transport 3 | moves 8 | place 5 |
/// </code>
/// The transport's part is what RFC 6544 §4.2 calls the direction preference, and ranks UDP above it. Candidates of a later
/// move have a higher priority than all of the same transport before them, because a browser keeps a path that still works
/// unless the new one is better.
/// </summary>
internal static class CandidateWriter
{
    /// <summary>RFC 8445 §5.1.2.2: host candidates.</summary>
    private const uint HostTypePreference = 126;

    private const uint Udp = 7;

    /// <summary>RFC 6544 §4.2.</summary>
    private const uint TcpPassive = 4;

    private const int PlaceBits = 5;
    private const int LastPlace = (1 << PlaceBits) - 1;

    /// <summary>A transport that moved more often than this is offered candidates of the same priority again.</summary>
    private const int MostMoves = 255;

    /// <summary>One for each address, the preferred ones first: UDP before TCP, otherwise in the node's order.</summary>
    /// <param name="moves">How often the transport has moved: 0 in its first offer.</param>
    public static IEnumerable<string> Write(IEnumerable<NodeCandidate> candidates, int moves) =>
        candidates.OrderBy(candidate => candidate.Protocol == "tcp").Select((candidate, place) => Write(candidate, Math.Min(moves, MostMoves), place));

    private static string Write(NodeCandidate candidate, int moves, int place)
    {
        var isTcp = candidate.Protocol == "tcp";
        var isV6 = IPAddress.TryParse(candidate.Address, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6;
        // Another address is another foundation (RFC 8445 §5.1.1.3), also that of a later move.
        var foundation = (moves << PlaceBits) + place + 1;
        var local = ((isTcp ? TcpPassive : Udp) << 13) | ((uint)moves << PlaceBits) | (uint)(LastPlace - Math.Min(place, LastPlace));
        var priority = (HostTypePreference << 24) | (local << 8) | 255;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"candidate:{foundation} 1 {(isTcp ? "tcp" : "udp")} {priority} {(isV6 ? address!.ToString() : candidate.Address)} {candidate.Port} typ host{(isTcp ? " tcptype passive" : "")}");
    }
}
