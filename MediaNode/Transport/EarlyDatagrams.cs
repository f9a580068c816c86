using System.Buffers.Binary;
using Hype.MediaNode.Net;

namespace Hype.MediaNode.Transport;

/// <summary>
/// ClientHellos from addresses that no check has vouched for yet. One can overtake the first check on its way; dropped, it
/// would cost the client a second. Kept here it waits a moment for its address to become good. Anyone can write here, so
/// the space is fixed and made beforehand: the oldest goes first, and one address fills only its share.
/// </summary>
internal sealed class EarlyDatagrams
{
    /// <summary>A ClientHello with post-quantum key shares takes two datagrams; 32 newcomers may race at once.</summary>
    public const int Capacity = 64;

    /// <summary>Two for the ClientHello, and the same again where a client repeats it early.</summary>
    public const int PerAddress = 4;

    /// <summary>Later than this the client has repeated it. Microseconds.</summary>
    public const long Lifetime = 500_000;

    // A client that cuts its ClientHello into datagrams keeps each below the path's MTU.
    private const int MaxLength = 1500;

    private readonly byte[] _buffer = new byte[Capacity * MaxLength];
    private readonly Entry[] _entries = new Entry[Capacity];
    private int _next;

    public void Keep(ReadOnlySpan<byte> datagram, TransportAddress from, long now)
    {
        if (datagram.Length > MaxLength || !BeginsHandshake(datagram) || CountOf(from, now) == PerAddress)
            return;
        datagram.CopyTo(BufferOf(_next));
        _entries[_next] = new Entry(datagram.Length, from, now);
        _next = (_next + 1) % Capacity;
    }

    /// <summary>Takes out the next datagram of this address, oldest first; valid until the next <see cref="Keep"/>.</summary>
    public bool TryTake(TransportAddress from, long now, out ReadOnlySpan<byte> datagram)
    {
        for (var i = 0; i < Capacity; i++)
        {
            var at = (_next + i) % Capacity;
            if (!_entries[at].IsAlive(from, now))
                continue;
            datagram = BufferOf(at)[.._entries[at].Length];
            _entries[at] = default;
            return true;
        }
        datagram = default;
        return false;
    }

    // DTLSPlaintext (RFC 6347 §4.1): type(1) version(2) epoch(2) sequence(6) length(2), then the handshake's own type(1).
    private static bool BeginsHandshake(ReadOnlySpan<byte> datagram)
    {
        const byte handshake = 22;
        const byte clientHello = 1;
        return datagram.Length > 13 && datagram[0] == handshake && BinaryPrimitives.ReadUInt16BigEndian(datagram[3..]) == 0 && datagram[13] == clientHello;
    }

    private int CountOf(TransportAddress from, long now)
    {
        var count = 0;
        foreach (ref readonly var entry in _entries.AsSpan())
            count += entry.IsAlive(from, now) ? 1 : 0;
        return count;
    }

    private Span<byte> BufferOf(int entry) => _buffer.AsSpan(entry * MaxLength, MaxLength);

    private readonly record struct Entry(int Length, TransportAddress From, long At)
    {
        public bool IsAlive(TransportAddress from, long now) => Length > 0 && From == from && now - At <= Lifetime;
    }
}
