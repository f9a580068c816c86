using System.Net;
using IPNetwork = System.Net.IPNetwork;

namespace Hype.Gateway.Configuration;

/// <summary>Reads the entries of <see cref="GatewayOptions.TrustedProxies"/>.</summary>
internal static class ProxyNetwork
{
    /// <summary>Parses an IP address or a network: <c>10.0.0.5</c>, <c>10.0.0.0/8</c>, <c>fd00::/8</c>.</summary>
    public static bool TryParse(string text, out IPNetwork network)
    {
        if (IPAddress.TryParse(text, out var address))
        {
            network = new IPNetwork(address, address.GetAddressBytes().Length * 8);
            return true;
        }

        return IPNetwork.TryParse(text, out network);
    }
}
