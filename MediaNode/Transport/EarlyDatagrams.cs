using System.Buffers.Binary;
using Hype.MediaNode.Net;

namespace Hype.MediaNode.Transport;

/// <summary>
/// A buffer for ClientHellos from addresses without an authenticated STUN check. A ClientHello can overtake the first check; dropping it
/// would delay the client by a second. It waits here until its address is authenticated. Anyone can fill this buffer, so its space is
/// fixed and preallocated: the oldest entry is evicted first, and one address gets only a few entries.
/// </summary>
internal sealed class EarlyDatagrams
{
    /// <summary>
    /// The maximum number of stored datagrams. A ClientHello with post-quantum key shares takes two, so 32 new clients may connect at the
    /// same time.
    /// </summary>
    public const int Capacity = 64;

    /// <summary>
    /// The maximum number of stored datagrams from one address: two for the ClientHello, and two more for an early repetition.
    /// </summary>
    public const int PerAddress = 4;

    /// <summary>The time after which a stored datagram expires, µs: by then the client has repeated its ClientHello.</summary>
    public const long Lifetime = 500_000;

    // A client that splits its ClientHello into datagrams makes each smaller than the path's MTU.
    private const int MaxLength = 1500;

    private readonly byte[] _buffer = new byte[Capacity * MaxLength];
    private readonly Entry[] _entries = new Entry[Capacity];
    private int _next;

    public void Store(ReadOnlySpan<byte> datagram, TransportAddress from, long now)
    {
        if (datagram.Length > MaxLength || !BeginsHandshake(datagram) || CountOf(from, now) == PerAddress)
            return;
        datagram.CopyTo(BufferOf(_next));
        _entries[_next] = new Entry(datagram.Length, from, now);
        _next = (_next + 1) % Capacity;
    }

    /// <summary>Removes and returns the oldest datagram of an address. The memory is valid until the next <see cref="Store"/>.</summary>
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
        return datagram.Length > 13 && datagram[0] == handshake && BinaryPrimitives.ReadUInt16BigEndian(datagram[3..]) == 0
            && datagram[13] == clientHello;
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
