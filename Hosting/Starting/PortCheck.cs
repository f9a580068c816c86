using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;

namespace Hype.Hosting.Starting;

/// <summary>
/// Checks that a process can listen at its addresses, before any part starts. Otherwise a process that finds a port in use during its
/// start would have to stop its silo again, and each started part would log a stack trace.
/// </summary>
public sealed class PortCheck
{
    private readonly List<string> _errors = [];

    /// <summary>
    /// The errors so far, one sentence for each unavailable port: the port, the configuration key that sets it, and the remedy.
    /// </summary>
    public IReadOnlyList<string> Errors => _errors;

    /// <summary>
    /// Checks a TCP address as Kestrel interprets it: <c>localhost</c> means both loopback addresses, and any other name means all
    /// addresses. An empty address is skipped.
    /// </summary>
    public PortCheck Web(string key, string url)
    {
        if (url.Length == 0)
            return this;
        var binding = BindingAddress.Parse(url);
        IPAddress[] addresses = binding.Host == "localhost" ? [IPAddress.Loopback, IPAddress.IPv6Loopback]
            : IPAddress.TryParse(binding.Host.Trim('[', ']'), out var address) ? [address]
            : [All];
        return Try(key, url, addresses, binding.Port, SocketType.Stream, ProtocolType.Tcp);
    }

    public PortCheck Tcp(string key, IPAddress address, int port) =>
        Try(key, $"TCP {new IPEndPoint(address, port)}", [address], port, SocketType.Stream, ProtocolType.Tcp);

    /// <summary>Checks <paramref name="count"/> consecutive UDP ports on all addresses.</summary>
    public PortCheck Udp(string key, int port, int count)
    {
        for (var i = 0; port != 0 && i < count; i++)
            Try(key, $"UDP {port + i}", [All], port + i, SocketType.Dgram, ProtocolType.Udp);
        return this;
    }

    private static IPAddress All => Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any;

    private PortCheck Try(string key, string what, IPAddress[] addresses, int port, SocketType type, ProtocolType protocol)
    {
        // 0: the system chooses a free port.
        var flaw = port == 0 ? null : addresses.Select(address => Flaw(address, port, type, protocol))
            .FirstOrDefault(flaw => flaw is not null);
        if (flaw is not null)
            _errors.Add($"{key}: {what} {flaw}");
        return this;
    }

    private static string? Flaw(IPAddress address, int port, SocketType type, ProtocolType protocol)
    {
        try
        {
            using var socket = new Socket(address.AddressFamily, type, protocol);
            if (address.Equals(IPAddress.IPv6Any))
                socket.DualMode = true;
            // Does not listen: it would accept early connections and drop them.
            socket.Bind(new IPEndPoint(address, port));
            return null;
        }
        catch (SocketException exception)
        {
            return exception.SocketErrorCode switch
            {
                SocketError.AddressAlreadyInUse => "is already in use. Stop the other process, or set another port.",
                SocketError.AccessDenied => "may not be opened by this user. Set a port from 1024 on, or give the process the right to.",
                // A machine without IPv6: the server uses the other loopback.
                SocketError.AddressNotAvailable
                    or SocketError.AddressFamilyNotSupported when address.Equals(IPAddress.IPv6Loopback) => null,
                SocketError.AddressNotAvailable => "is not an address of this machine. Set one of its addresses, or * for all.",
                _ => $"cannot be opened: {exception.Message}.",
            };
        }
    }
}
