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

    public MessageBatch(int capacity)
    {
        Capacity = capacity;
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
        }
    }

    public int Capacity { get; }

    public MMsgHdr* Messages { get; }

    public Span<byte> Buffer(int index) => new(_buffers + index * IDatagramSocket.MaxDatagram, IDatagramSocket.MaxDatagram);

    public Span<byte> Received(int index) => new(_buffers + index * IDatagramSocket.MaxDatagram, (int)Messages[index].Length);

    /// <summary>
    /// Restores, before the next receive, the length of the source address, which the kernel overwrites at each receive.
    /// </summary>
    public void ResetName(int index) => Messages[index].Header.NameLength = SockAddrSize;

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

    public void SetAddress(int index, TransportAddress to, bool ipv6Socket)
    {
        var name = new Span<byte>(_names + index * SockAddrSize, SockAddrSize);
        MemoryMarshal.Write(name, ipv6Socket ? AfInet6 : AfInet);
        BinaryPrimitives.WriteUInt16BigEndian(name[2..], to.Port);
        if (ipv6Socket)
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

    public void Dispose()
    {
        NativeMemory.Free(_buffers);
        NativeMemory.Free(_names);
        NativeMemory.Free(_vectors);
        NativeMemory.Free(Messages);
    }
}
