using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Hype.Gateway.Limits;

/// <summary>
/// The address that rate limits count as one client: an IPv4 address, or the /64 of an IPv6 one, which is the smallest allocation of a
/// network (RFC 6177) and in which a host may use any number of addresses.
/// </summary>
/// <param name="Family">IPv4 or IPv6.</param>
/// <param name="Network">The IPv4 address, or the first 64 bits of the IPv6 one.</param>
internal readonly record struct ClientAddress(AddressFamily Family, ulong Network)
{
    /// <summary>
    /// Returns the address of a request's client. A connection without an address (a Unix socket) comes from this machine.
    /// </summary>
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
