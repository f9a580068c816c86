using System.Net;
using System.Net.Sockets;

namespace Hype.MediaNode.Net;

internal static class DatagramSockets
{
    /// <summary>Opens a socket of the fastest implementation for this operating system. Port 0 selects a free port.</summary>
    /// <param name="severalAddresses">
    /// Clients may use several addresses of this host; a floating address may come later.
    /// </param>
    /// <exception cref="SocketException">The port is in use or may not be bound.</exception>
    public static IDatagramSocket Open(int port, bool severalAddresses) =>
        OperatingSystem.IsLinux() && Environment.Is64BitProcess
            ? new LinuxDatagramSocket(port, severalAddresses)
            : new PortableDatagramSocket(port);

    /// <summary>Binds one socket for IPv4 and IPv6 (RFC 3493 §3.7), or for IPv4 alone if the system has no IPv6.</summary>
    public static Socket Bind(int port, int kernelBuffer)
    {
        var ipv6 = Socket.OSSupportsIPv6;
        var socket = new Socket(ipv6 ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            if (ipv6)
                socket.DualMode = true;
            socket.ReceiveBufferSize = kernelBuffer;
            socket.SendBufferSize = kernelBuffer;
            socket.Bind(new IPEndPoint(ipv6 ? IPAddress.IPv6Any : IPAddress.Any, port));
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
