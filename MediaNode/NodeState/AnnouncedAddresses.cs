using System.Net;
using System.Net.Sockets;
using Hype.MediaNode.Configuration;
using Hype.MediaNode.Net;
using Microsoft.Extensions.Options;

namespace Hype.MediaNode.NodeState;

/// <summary>
/// The IP addresses of the node that clients use: the configured ones, or all addresses of this machine. The machine's addresses are read
/// again for each room, because a laptop changes networks. Loopback comes last: it serves a browser on the same machine when there is no
/// network.
/// </summary>
internal sealed class AnnouncedAddresses(IOptions<MediaNodeOptions> options)
{
    // Every candidate costs each client checks; a host with more addresses than this configures the ones to use.
    private const int MaxAddresses = 8;

    private readonly IPAddress[] _configured = [.. options.Value.AnnouncedAddresses.Select(IPAddress.Parse)];

    public IReadOnlyList<IPAddress> List() => _configured.Length > 0 ? _configured : OfThisMachine();

    private static IPAddress[] OfThisMachine() =>
    [
        .. HostAddresses.List()
            .OrderBy(IPAddress.IsLoopback)
            .ThenBy(address => address.AddressFamily == AddressFamily.InterNetworkV6)
            .Take(MaxAddresses),
    ];
}
