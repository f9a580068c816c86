using System.Runtime.InteropServices;

namespace Hype.MediaNode.Net;

/// <summary>
/// Declarations of the system calls of <c>recvmmsg(2)</c>, <c>sendmmsg(2)</c>, <c>poll(2)</c> and <c>eventfd(2)</c> on 64-bit Linux.
/// </summary>
internal static unsafe partial class LinuxSockets
{
    public const int MsgDontWait = 0x40;
    public const short PollIn = 1;
    public const int EfdNonBlock = 0x800;
    public const int Eintr = 4;
    public const int Eagain = 11;
    public const int Enobufs = 105;

    public const ushort AfInet = 2;
    public const ushort AfInet6 = 10;

    // The local address of a datagram: ip(7) IP_PKTINFO, ipv6(7) IPV6_PKTINFO (RFC 3542 §6.2).
    public const int IpProtoIp = 0;
    public const int IpPktInfo = 8;
    public const int IpProtoIpv6 = 41;
    public const int Ipv6RecvPktInfo = 49;
    public const int Ipv6PktInfo = 50;

    /// <summary>The size of a <c>sockaddr_in6</c>, the largest address of these sockets.</summary>
    public const int SockAddrSize = 28;

    [LibraryImport("libc", EntryPoint = "recvmmsg", SetLastError = true)]
    public static partial int RecvMMsg(int fd, MMsgHdr* messages, uint count, int flags, void* timeout);

    [LibraryImport("libc", EntryPoint = "sendmmsg", SetLastError = true)]
    public static partial int SendMMsg(int fd, MMsgHdr* messages, uint count, int flags);

    [LibraryImport("libc", EntryPoint = "poll")]
    public static partial int Poll(PollFd* fds, nuint count, int timeoutMilliseconds);

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    public static partial int EventFd(uint initial, int flags);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(int fd, void* buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(int fd, void* buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "close")]
    public static partial int Close(int fd);

    [StructLayout(LayoutKind.Sequential)]
    public struct IoVec
    {
        public void* Base;
        public nuint Length;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct MsgHdr
    {
        public void* Name;
        public uint NameLength;
        public IoVec* Vectors;
        public nuint VectorCount;
        public void* Control;
        public nuint ControlLength;
        public int Flags;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct MMsgHdr
    {
        public MsgHdr Header;
        public uint Length;
    }

    /// <summary>
    /// The control message of a datagram: <c>cmsghdr</c>, then <c>in6_pktinfo</c> (address, interface) or <c>in_pktinfo</c> (interface,
    /// local address, header's address).
    /// </summary>
    [StructLayout(LayoutKind.Sequential, Size = 40)]
    public struct PktInfo
    {
        public nuint Length;
        public int Level;
        public int Type;
        public fixed byte Data[20];
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct PollFd
    {
        public int Fd;
        public short Events;
        public short Revents;
    }
}
