using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Hype.MediaNode.Net;
using static Hype.MediaNode.Net.LinuxSockets;

namespace Hype.MediaClient;

/// <summary>
/// Receives datagrams in batches, with the kernel's arrival times (<c>SO_TIMESTAMPNS</c>), so that a late read by this process does not
/// count as delay of the network or the node.
/// </summary>
internal sealed unsafe class StampedBatch : IDisposable
{
    private const int Capacity = 32;

    // One control message: cmsghdr (length 8, level 4, type 4) and a timespec (seconds 8, nanoseconds 8).
    private const int ControlSize = 64;
    private const int StampOffset = 16;

    private readonly byte* _buffers = (byte*)NativeMemory.AllocZeroed(Capacity, IDatagramSocket.MaxDatagram);
    private readonly byte* _names = (byte*)NativeMemory.AllocZeroed(Capacity, SockAddrSize);
    private readonly byte* _controls = (byte*)NativeMemory.AllocZeroed(Capacity, ControlSize);
    private readonly IoVec* _vectors = (IoVec*)NativeMemory.AllocZeroed(Capacity, (nuint)sizeof(IoVec));
    private readonly MMsgHdr* _messages = (MMsgHdr*)NativeMemory.AllocZeroed(Capacity, (nuint)sizeof(MMsgHdr));

    public StampedBatch()
    {
        for (var i = 0; i < Capacity; i++)
        {
            _vectors[i].Base = _buffers + (i * IDatagramSocket.MaxDatagram);
            _vectors[i].Length = IDatagramSocket.MaxDatagram;
            _messages[i].Header.Name = _names + (i * SockAddrSize);
            _messages[i].Header.Vectors = _vectors + i;
            _messages[i].Header.VectorCount = 1;
            _messages[i].Header.Control = _controls + (i * ControlSize);
        }
    }

    /// <summary>Returns true if the last receive filled the batch, so that more datagrams may be available.</summary>
    public bool IsFull(int received) => received == Capacity;

    /// <summary>Receives the available datagrams without waiting, and returns their number.</summary>
    public int Receive(int fd)
    {
        for (var i = 0; i < Capacity; i++)
        {
            _messages[i].Header.NameLength = SockAddrSize;
            _messages[i].Header.ControlLength = ControlSize;
        }

        return Math.Max(0, RecvMMsg(fd, _messages, Capacity, MsgDontWait, null));
    }

    public Span<byte> Datagram(int index) => new(_buffers + (index * IDatagramSocket.MaxDatagram), (int)_messages[index].Length);

    /// <summary>
    /// Returns the source address of a received datagram. The peers' sockets are IPv4, family(2) port(2) address(4), or IPv6, family(2)
    /// port(2) flow(4) address(16).
    /// </summary>
    public TransportAddress Source(int index)
    {
        var name = new ReadOnlySpan<byte>(_names + (index * SockAddrSize), SockAddrSize);
        var port = BinaryPrimitives.ReadUInt16BigEndian(name[2..]);
        return MemoryMarshal.Read<ushort>(name) == AfInet6
            ? TransportAddress.FromIPv6(name[8..24], port)
            : TransportAddress.FromIPv4(name[4..8], port);
    }

    /// <summary>Returns the time at which the kernel received a datagram, µs since 1970; 0 if the kernel gave none.</summary>
    public long ArrivedAt(int index)
    {
        if (_messages[index].Header.ControlLength < StampOffset + 16)
            return 0;
        var stamp = (long*)(_controls + (index * ControlSize) + StampOffset);
        return (stamp[0] * 1_000_000) + (stamp[1] / 1000);
    }

    public void Dispose()
    {
        NativeMemory.Free(_buffers);
        NativeMemory.Free(_names);
        NativeMemory.Free(_controls);
        NativeMemory.Free(_vectors);
        NativeMemory.Free(_messages);
    }
}
