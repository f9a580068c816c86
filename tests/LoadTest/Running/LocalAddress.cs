using System.Net;
using System.Net.Sockets;
using Hype.LoadTest.Targets;

namespace Hype.LoadTest.Running;

/// <summary>Determines this machine's address on the route to the server.</summary>
internal static class LocalAddress
{
    /// <exception cref="TargetException">There is no route to the server.</exception>
    public static async Task<IPAddress> TowardsAsync(Uri url, CancellationToken stop)
    {
        try
        {
            var addresses = await Dns.GetHostAddressesAsync(url.DnsSafeHost, stop);
            var server = addresses.FirstOrDefault(address => address.AddressFamily == AddressFamily.InterNetwork) ?? addresses[0];
            using var socket = new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            // Nothing is sent: the kernel only looks up the route.
            await socket.ConnectAsync(new IPEndPoint(server, url.Port), stop);
            return ((IPEndPoint)socket.LocalEndPoint!).Address;
        }
        catch (SocketException exception)
        {
            throw new TargetException(
                $"'{url.Host}' cannot be reached from here ({exception.Message}): check the name in --url.", exception);
        }
    }
}
