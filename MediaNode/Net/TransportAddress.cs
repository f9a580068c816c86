using System.Buffers.Binary;
using System.Net;

namespace Hype.MediaNode.Net;

/// <summary>
/// An IP address and a UDP port in one comparable value. IPv4 is stored as IPv4-mapped IPv6 (RFC 4291 §2.5.5.2).
/// </summary>
internal readonly record struct TransportAddress(ulong High, ulong Low, ushort Port)
{
    private const ulong MappedPrefix = 0x0000_FFFF_0000_0000;

    public bool IsIPv4 => High == 0 && (Low & 0xFFFF_FFFF_0000_0000) == MappedPrefix;

    public static TransportAddress FromIPv4(ReadOnlySpan<byte> address, ushort port) =>
        new(0, MappedPrefix | BinaryPrimitives.ReadUInt32BigEndian(address), port);

    public static TransportAddress FromIPv6(ReadOnlySpan<byte> address, ushort port) =>
        new(BinaryPrimitives.ReadUInt64BigEndian(address), BinaryPrimitives.ReadUInt64BigEndian(address[8..]), port);

    public static TransportAddress From(IPEndPoint endPoint)
    {
        Span<byte> bytes = stackalloc byte[16];
        endPoint.Address.MapToIPv6().TryWriteBytes(bytes, out _);
        return FromIPv6(bytes, (ushort)endPoint.Port);
    }

    /// <summary>Writes the 4 or 16 address bytes in network order and returns their number.</summary>
    public int CopyAddressTo(Span<byte> destination)
    {
        if (IsIPv4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(destination, (uint)Low);
            return 4;
        }

        return CopyIPv6To(destination);
    }

    /// <summary>Writes the 16 bytes of the address in IPv6 form (an IPv4 address becomes IPv4-mapped) and returns their number.</summary>
    public int CopyIPv6To(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, High);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], Low);
        return 16;
    }

    public IPEndPoint ToIPEndPoint()
    {
        Span<byte> bytes = stackalloc byte[16];
        var length = CopyAddressTo(bytes);
        return new IPEndPoint(new IPAddress(bytes[..length]), Port);
    }

    /// <summary>
    /// Returns a hash with the process' random seed: a client chooses its address, and must not choose the bucket of a table.
    /// </summary>
    public override int GetHashCode() => HashCode.Combine(High, Low, Port);

    public override string ToString() => ToIPEndPoint().ToString();
}
