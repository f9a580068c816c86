using Hype.MediaNode.Net;

namespace Hype.MediaNode.Transport;

/// <summary>
/// DTLS records from addresses that no check has vouched for yet. A ClientHello can overtake the first check on its way;
/// dropped, it would cost the client a second. Kept here it waits a moment for its address to become good. Bounded: the
/// oldest goes first.
/// </summary>
internal sealed class EarlyDatagrams
{
    /// <summary>A ClientHello with post-quantum key shares takes two datagrams; 32 newcomers may race at once.</summary>
    public const int Capacity = 64;

    /// <summary>Later than this the client has repeated it. Microseconds.</summary>
    public const long Lifetime = 500_000;

    private readonly Entry[] _entries = new Entry[Capacity];
    private int _next;

    public void Keep(ReadOnlySpan<byte> datagram, TransportAddress from, long now)
    {
        _entries[_next] = new Entry(datagram.ToArray(), from, now);
        _next = (_next + 1) % Capacity;
    }

    /// <summary>Takes out the next datagram of this address, oldest first.</summary>
    public byte[]? Take(TransportAddress from, long now)
    {
        for (var i = 0; i < Capacity; i++)
        {
            ref var entry = ref _entries[(_next + i) % Capacity];
            if (entry.Datagram is null || entry.From != from)
                continue;
            var datagram = now - entry.At <= Lifetime ? entry.Datagram : null;
            entry = default;
            if (datagram is not null)
                return datagram;
        }
        return null;
    }

    private readonly record struct Entry(byte[]? Datagram, TransportAddress From, long At);
}
