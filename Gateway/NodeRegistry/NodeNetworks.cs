using System.Net;
using Hype.Gateway.Configuration;
using IPNetwork = System.Net.IPNetwork;

namespace Hype.Gateway.NodeRegistry;

/// <summary>
/// Checks to which networks the control URL of a registering node may lead. Silos connect to this URL, so a node with a stolen secret
/// could otherwise make them call any service of their networks.
/// </summary>
internal sealed class NodeNetworks(NodeRegistryOptions options)
{
    private readonly IPNetwork[] _networks =
    [
        .. options.ControlNetworks.Select(text => ProxyNetwork.TryParse(text, out var network) ? network : default),
    ];

    /// <summary>
    /// Returns true if silos may connect to the URL. If networks are configured, its host must be an IP address: a name could lead
    /// elsewhere at the time of the call.
    /// </summary>
    public bool Admits(string controlUrl)
    {
        if (_networks.Length == 0)
            return true;
        if (!IPAddress.TryParse(new Uri(controlUrl).DnsSafeHost, out var address))
            return false;
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return _networks.Any(network => network.Contains(plain));
    }
}
