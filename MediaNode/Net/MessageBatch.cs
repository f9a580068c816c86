using System.Buffers.Binary;
using System.Runtime.InteropServices;
using static Hype.MediaNode.Net.LinuxSockets;

namespace Hype.MediaNode.Net;

/// <summary>
/// A fixed array of datagram buffers with the headers for <c>recvmmsg</c> and <c>sendmmsg</c>, in native memory so that the garbage
/// collector neither moves nor scans it.
/// </summary>
internal sealed unsafe class MessageBatch : IDisposable
{
    private readonly byte* _buffers;
    private readonly byte* _names;
    private readonly IoVec* _vectors;
    private readonly PktInfo* _locals;
    private readonly bool _ipv6;

    /// <param name="ipv6">The socket is an IPv6 socket, which carries IPv4 in mapped addresses.</param>
    /// <param name="withLocalAddresses">Each datagram has a control message with its local address.</param>
    public MessageBatch(int capacity, bool ipv6, bool withLocalAddresses)
    {
        Capacity = capacity;
        _ipv6 = ipv6;
        if (withLocalAddresses)
            _locals = (PktInfo*)NativeMemory.AllocZeroed((nuint)capacity, (nuint)sizeof(PktInfo));
        _buffers = (byte*)NativeMemory.AllocZeroed((nuint)capacity, IDatagramSocket.MaxDatagram);
        _names = (byte*)NativeMemory.AllocZeroed((nuint)capacity, SockAddrSize);
        _vectors = (IoVec*)NativeMemory.AllocZeroed((nuint)capacity, (nuint)sizeof(IoVec));
        Messages = (MMsgHdr*)NativeMemory.AllocZeroed((nuint)capacity, (nuint)sizeof(MMsgHdr));
        for (var i = 0; i < capacity; i++)
        {
            _vectors[i].Base = _buffers + i * IDatagramSocket.MaxDatagram;
            _vectors[i].Length = IDatagramSocket.MaxDatagram;
            Messages[i].Header.Name = _names + i * SockAddrSize;
            Messages[i].Header.NameLength = SockAddrSize;
            Messages[i].Header.Vectors = _vectors + i;
            Messages[i].Header.VectorCount = 1;
            Reset(i);
        }
    }

    public int Capacity { get; }

    public MMsgHdr* Messages { get; }

    public Span<byte> Buffer(int index) => new(_buffers + index * IDatagramSocket.MaxDatagram, IDatagramSocket.MaxDatagram);

    public Span<byte> Received(int index) => new(_buffers + index * IDatagramSocket.MaxDatagram, (int)Messages[index].Length);

    /// <summary>Restores, before the next receive, the lengths that the kernel overwrites at each receive.</summary>
    public void Reset(int index)
    {
        Messages[index].Header.NameLength = SockAddrSize;
        if (_locals is null)
            return;
        Messages[index].Header.Control = _locals + index;
        Messages[index].Header.ControlLength = (nuint)sizeof(PktInfo);
    }

    public void SetLength(int index, int length) => _vectors[index].Length = (nuint)length;

    // sockaddr_in  : family(2) port(2) address(4)
    // sockaddr_in6 : family(2) port(2) flow(4) address(16) scope(4)
    public TransportAddress GetAddress(int index)
    {
        var name = new ReadOnlySpan<byte>(_names + index * SockAddrSize, SockAddrSize);
        var port = BinaryPrimitives.ReadUInt16BigEndian(name[2..]);
        return MemoryMarshal.Read<ushort>(name) == AfInet6
            ? TransportAddress.FromIPv6(name[8..24], port)
            : TransportAddress.FromIPv4(name[4..8], port);
    }

    public void SetAddress(int index, TransportAddress to)
    {
        var name = new Span<byte>(_names + index * SockAddrSize, SockAddrSize);
        MemoryMarshal.Write(name, _ipv6 ? AfInet6 : AfInet);
        BinaryPrimitives.WriteUInt16BigEndian(name[2..], to.Port);
        if (_ipv6)
        {
            name[4..8].Clear();
            to.CopyIPv6To(name[8..24]);
            name[24..].Clear();
            Messages[index].Header.NameLength = SockAddrSize;
        }
        else
        {
            to.CopyAddressTo(name[4..]);
            Messages[index].Header.NameLength = 16;
        }
    }

    /// <summary>Returns the local address at which a datagram arrived; null: the kernel did not say.</summary>
    public TransportAddress? GetLocal(int index)
    {
        var local = _locals + index;
        if (Messages[index].Header.ControlLength < (nuint)sizeof(nuint) + 8)
            return null;
        var data = new ReadOnlySpan<byte>(local->Data, 20);
        return (local->Level, local->Type) switch
        {
            (IpProtoIpv6, Ipv6PktInfo) => TransportAddress.FromIPv6(data[..16], port: 0),
            (IpProtoIp, IpPktInfo) => TransportAddress.FromIPv4(data[4..8], port: 0),
            _ => null,
        };
    }

    /// <summary>Sets the local address from which a datagram leaves; <c>default</c>: the kernel selects it.</summary>
    public void SetLocal(int index, TransportAddress from)
    {
        ref var header = ref Messages[index].Header;
        if (from == default)
        {
            header.ControlLength = 0;
            return;
        }

        var local = _locals + index;
        var data = new Span<byte>(local->Data, 20);
        data.Clear();
        if (_ipv6)
            from.CopyIPv6To(data);
        else
            from.CopyAddressTo(data[4..]);
        (local->Level, local->Type) = _ipv6 ? (IpProtoIpv6, Ipv6PktInfo) : (IpProtoIp, IpPktInfo);
        local->Length = (nuint)(16 + (_ipv6 ? 20 : 12));
        header.Control = local;
        header.ControlLength = (nuint)(_ipv6 ? sizeof(PktInfo) : 32);
    }

    public void Dispose()
    {
        NativeMemory.Free(_locals);
        NativeMemory.Free(_buffers);
        NativeMemory.Free(_names);
        NativeMemory.Free(_vectors);
        NativeMemory.Free(Messages);
    }
}
