using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Hype.MediaNode.Net;

/// <summary>The unicast IP addresses of this machine.</summary>
internal static class HostAddresses
{
    /// <summary>
    /// Returns the addresses of all cards that are up, without link-local IPv6 addresses, and without IPv6 if it is off.
    /// </summary>
    public static IEnumerable<IPAddress> List() =>
        NetworkInterface.GetAllNetworkInterfaces()
            .Where(card => card.OperationalStatus is OperationalStatus.Up or OperationalStatus.Unknown)
            .SelectMany(card => card.GetIPProperties().UnicastAddresses)
            .Select(unicast => unicast.Address)
            .Where(address => !address.IsIPv6LinkLocal && (address.AddressFamily == AddressFamily.InterNetwork || Socket.OSSupportsIPv6))
            .Distinct();

    /// <summary>Returns true if the kernel could send from another address than the one at which a client's datagram arrived.</summary>
    public static bool AreSeveral() =>
        List().Where(address => !IPAddress.IsLoopback(address))
            .GroupBy(address => address.AddressFamily)
            .Any(family => family.Count() > 1);
}
