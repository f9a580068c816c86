using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Hype.Gateway.Limits;

/// <summary>
/// Who counts as one client: an IPv4 address, or the /64 of an IPv6 one, which is the least that a network gets (RFC 6177) and of
/// which each host takes as many addresses as it likes.
/// </summary>
/// <param name="Network">The first 64 bits, or an IPv4 address in its IPv6 form's last 32.</param>
internal readonly record struct ClientAddress(AddressFamily Family, ulong Network)
{
    /// <summary>A connection without an address (a Unix socket) is from this machine.</summary>
    public static ClientAddress Of(HttpContext context) => Of(context.Connection.RemoteIpAddress ?? IPAddress.Loopback);

    public static ClientAddress Of(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        address.TryWriteBytes(bytes, out _);
        return new ClientAddress(address.AddressFamily, MemoryMarshal.Read<ulong>(bytes));
    }
}
