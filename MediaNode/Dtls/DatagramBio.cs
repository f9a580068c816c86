using System.Runtime.InteropServices;
using static Hype.MediaNode.Dtls.OpenSsl;

namespace Hype.MediaNode.Dtls;

/// <summary>
/// An OpenSSL BIO that passes one received datagram to OpenSSL and collects the datagrams that OpenSSL writes. A memory BIO would join
/// them; this one stores each write call as one datagram.
/// </summary>
internal sealed unsafe class DatagramBio : IDisposable
{
    // A server's largest flight is far smaller. A peer that provokes more gets no more memory: its handshake fails.
    private const int MaxOutgoing = 16 * 1024;

    // IPv6 (40) + UDP (8).
    private const int MtuOverhead = 48;

    private static readonly nint Method = CreateMethod();

    private readonly GCHandle _self;
    private readonly List<byte[]> _outgoing = [];
    private int _outgoingBytes;
    private byte* _incoming;
    private int _incomingLength;

    public DatagramBio()
    {
        _self = GCHandle.Alloc(this);
        Handle = BIO_new(Method);
        BIO_set_data(Handle, GCHandle.ToIntPtr(_self));
    }

    /// <summary>The native BIO, owned by the SSL object that it is set on.</summary>
    public nint Handle { get; }

    /// <summary>The datagrams that OpenSSL has written, in order; the caller sends them and clears the list.</summary>
    public IReadOnlyList<byte[]> Outgoing => _outgoing;

    public void ClearOutgoing()
    {
        _outgoing.Clear();
        _outgoingBytes = 0;
    }

    /// <summary>Sets the datagram that OpenSSL reads next. The memory must not move until <see cref="ClearIncoming"/>.</summary>
    public void SetIncoming(byte* datagram, int length)
    {
        _incoming = datagram;
        _incomingLength = length;
    }

    public void ClearIncoming() => _incomingLength = 0;

    public void Dispose() => _self.Free();

    private static DatagramBio From(nint bio) => (DatagramBio)GCHandle.FromIntPtr(BIO_get_data(bio)).Target!;

    private static nint CreateMethod()
    {
        var method = BIO_meth_new(BIO_get_new_index() | BioTypeSourceSink, "hype datagram");
        BIO_meth_set_write(method, &OnWrite);
        BIO_meth_set_read(method, &OnRead);
        BIO_meth_set_ctrl(method, &OnCtrl);
        BIO_meth_set_create(method, &OnCreate);
        return method;
    }

    [UnmanagedCallersOnly]
    private static int OnCreate(nint bio)
    {
        BIO_set_init(bio, 1);
        return 1;
    }

    [UnmanagedCallersOnly]
    private static int OnWrite(nint bio, byte* data, int length)
    {
        var self = From(bio);
        if (self._outgoingBytes + length <= MaxOutgoing)
        {
            self._outgoing.Add(new ReadOnlySpan<byte>(data, length).ToArray());
            self._outgoingBytes += length;
        }

        return length;
    }

    [UnmanagedCallersOnly]
    private static int OnRead(nint bio, byte* buffer, int length)
    {
        var self = From(bio);
        BIO_clear_flags(bio, BioFlagsRead | BioFlagsShouldRetry);
        if (self._incomingLength == 0)
        {
            BIO_set_flags(bio, BioFlagsRead | BioFlagsShouldRetry);
            return -1;
        }

        var taken = Math.Min(length, self._incomingLength);
        Buffer.MemoryCopy(self._incoming, buffer, length, taken);
        self._incomingLength = 0;
        return taken;
    }

    [UnmanagedCallersOnly]
    private static nint OnCtrl(nint bio, int command, nint larg, void* parg) => command switch
    {
        BioCtrlFlush => 1,
        BioCtrlDgramGetMtuOverhead => MtuOverhead,
        _ => 0,
    };
}
