using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Hype.MediaNode.Diagnostics;
using Hype.MediaNode.Net;
using Hype.MediaNode.Rooms;

namespace Hype.MediaNode.Workers;

/// <summary>
/// Limits DTLS handshakes: the number that one address may begin in a second, and the numbers in progress in a room and in all. A
/// handshake takes a millisecond of the thread that forwards all audio, and an association takes memory. Only clients that know an
/// endpoint's credentials can begin one, but a hostile member knows them too. An address is an IPv4 address or the /64 prefix of an IPv6
/// address.
/// </summary>
internal sealed class HandshakeGate(WorkerLimits limits)
{
    /// <summary>
    /// The number of addresses whose handshakes are counted at the same time. The table consists of sets, in each of which a new address
    /// replaces the one that was quiet for longest.
    /// </summary>
    public const int Addresses = Sets * Ways;

    /// <summary>The time without a datagram of the client after which its handshake no longer counts as in progress, µs.</summary>
    public const long StalledAfter = 5_000_000;

    private const int Sets = 256;
    private const int Ways = 4;
    private const long Window = 1_000_000;

    private readonly Dictionary<RoomMember, long> _pending = [];
    private readonly Dictionary<Room, int> _pendingOfRoom = [];
    private readonly Entry[] _entries = new Entry[Addresses];

    /// <summary>The number of handshakes in progress.</summary>
    public int Pending => _pending.Count;

    /// <summary>
    /// Counts the start of a handshake, which is in progress until <see cref="End"/> or until it stalls. Returns null, or the reason to
    /// drop the ClientHello; the client repeats it a second later.
    /// </summary>
    public DropReason? Begin(RoomMember member, TransportAddress from, long now)
    {
        if (_pending.Count >= limits.PendingHandshakes)
            return DropReason.TooManyHandshakes;
        if (_pendingOfRoom.GetValueOrDefault(member.Room) >= limits.RoomHandshakes)
            return DropReason.TooManyHandshakesOfRoom;
        ref var entry = ref Find(from);
        if (now - entry.Since >= Window)
            (entry.Since, entry.Count) = (now, 0);
        if (entry.Count >= limits.HandshakesPerAddress)
            return DropReason.TooManyHandshakesOfAddress;
        entry.Count++;
        if (_pending.TryAdd(member, now))
            _pendingOfRoom[member.Room] = _pendingOfRoom.GetValueOrDefault(member.Room) + 1;
        return null;
    }

    /// <summary>Records a datagram of a handshake: it has not stalled.</summary>
    public void Continue(RoomMember member, long now)
    {
        ref var at = ref CollectionsMarshal.GetValueRefOrNullRef(_pending, member);
        if (!Unsafe.IsNullRef(ref at))
            at = now;
    }

    /// <summary>Counts the end of the member's handshake: the handshake is complete, or the member was removed.</summary>
    public void End(RoomMember member)
    {
        if (!_pending.Remove(member))
            return;
        if (--CollectionsMarshal.GetValueRefOrNullRef(_pendingOfRoom, member.Room) == 0)
            _pendingOfRoom.Remove(member.Room);
    }

    /// <summary>
    /// Frees the places of stalled handshakes. Such a handshake may still continue, and costs no more than the association that it has
    /// until the endpoint's connect timeout.
    /// </summary>
    public void Tick(long now)
    {
        // Entries of a dictionary may be removed during its enumeration.
        foreach (var (member, at) in _pending)
        {
            if (now - at >= StalledAfter)
                End(member);
        }
    }

    private ref Entry Find(TransportAddress from)
    {
        var (high, low) = from.IsIPv4 ? (0UL, from.Low) : (from.High, 0UL);
        var set = _entries.AsSpan((int)(uint)(HashCode.Combine(high, low) & (Sets - 1)) * Ways, Ways);
        var oldest = 0;
        for (var i = 0; i < Ways; i++)
        {
            if (set[i].High == high && set[i].Low == low)
                return ref set[i];
            if (set[i].Since < set[oldest].Since)
                oldest = i;
        }

        set[oldest] = new Entry { High = high, Low = low, Since = long.MinValue / 2 };
        return ref set[oldest];
    }

    private struct Entry
    {
        public ulong High;
        public ulong Low;
        public long Since;
        public int Count;
    }
}
