using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Hype.Grains.Abstractions.MediaNodes;

namespace Hype.Gateway.Sdp;

/// <summary>
/// Writes a node's UDP addresses as SDP candidates (RFC 8839 §5.1): <c>candidate:1 1 udp 2130714623 192.0.2.1 40000 typ host</c>.
/// <code>
/// priority (RFC 8445 §5.1.2.1) = | 0 | type preference 7 | local preference 16 | 256 - component 8 |
/// local preference             = | UDP 3 | moves 8 | place 5 |
/// </code>
/// The first three bits rank UDP above TCP (RFC 6544 §4.2), which a node does not serve. Candidates of a later move have a higher
/// priority than all candidates before them, because a browser stays on a path that still works unless the new one is better.
/// </summary>
internal static class CandidateWriter
{
    /// <summary>The type preference of host candidates (RFC 8445 §5.1.2.2).</summary>
    private const uint HostTypePreference = 126;

    private const uint Udp = 7;

    private const int PlaceBits = 5;
    private const int LastPlace = (1 << PlaceBits) - 1;

    /// <summary>The number of the last move that raises the priority; candidates of later moves have the same priority.</summary>
    private const int MostMoves = 255;

    /// <summary>Writes one candidate line for each address, in the order in which the node reported the addresses.</summary>
    /// <param name="candidates">The node's addresses.</param>
    /// <param name="moves">The number of times that the endpoint has moved: 0 in its first offer.</param>
    public static IEnumerable<string> Write(IEnumerable<NodeCandidate> candidates, int moves) =>
        candidates.Select((candidate, place) => Write(candidate, Math.Min(moves, MostMoves), place));

    private static string Write(NodeCandidate candidate, int moves, int place)
    {
        var isV6 = IPAddress.TryParse(candidate.Address, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6;
        // Every address needs its own foundation (RFC 8445 §5.1.1.3), after a move too.
        var foundation = (moves << PlaceBits) + place + 1;
        var local = (Udp << 13) | ((uint)moves << PlaceBits) | (uint)(LastPlace - Math.Min(place, LastPlace));
        var priority = (HostTypePreference << 24) | (local << 8) | 255;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"candidate:{foundation} 1 udp {priority} {(isV6 ? address!.ToString() : candidate.Address)} {candidate.Port} typ host");
    }
}
