using Hype.MediaNode.Net;
using Hype.MediaNode.Rooms;
using Hype.MediaNode.Transport;

namespace Hype.MediaNode.Workers;

/// <summary>
/// Finds the member to which a received datagram belongs: by ufrag for a STUN check, by source address for any other datagram. An address
/// belongs to one member at a time, and only after an authenticated check from it. A member that sends such a check from another member's
/// address, such as a client that returns on the same port after a crash, becomes its rival: it takes over the address with its answer
/// to a check of this node, which proves that it receives there.
/// </summary>
internal sealed class EndpointTable
{
    // While a member's check from an address is this recent, no other member's check claims it: one member's credentials must not be
    // enough to cut off another member by sending from its address. RFC 7675 §5.1 spaces checks by up to 6 s, and one may be lost.
    // Microseconds.
    public const long AddressHold = 13_000_000;

    private readonly Dictionary<byte[], RoomMember> _byUfrag = new(UfragComparer.Instance);
    private readonly Dictionary<byte[], RoomMember>.AlternateLookup<ReadOnlySpan<byte>> _byUfragSpan;
    private readonly Dictionary<TransportAddress, Claimed> _byAddress = [];
    private readonly Dictionary<TransportAddress, RoomMember> _rivals = [];

    public EndpointTable() => _byUfragSpan = _byUfrag.GetAlternateLookup<ReadOnlySpan<byte>>();

    /// <summary>The number of members. A member counts once, even with two ufrags during an ICE restart.</summary>
    public int Count { get; private set; }

    /// <summary>Adds a member. Returns false if another endpoint has its ufrag.</summary>
    public bool TryAdd(RoomMember member)
    {
        var ice = member.Endpoint.Ice;
        if (!TryAdd(member, ice.Ufrag))
            return false;
        if (ice.Next is { } next && !TryAdd(member, next.Ufrag))
        {
            Remove(ice.Ufrag);
            return false;
        }

        Count++;
        return true;
    }

    /// <summary>Adds a second ufrag of a member, for an ICE restart. Returns false if another endpoint has the ufrag.</summary>
    public bool TryAdd(RoomMember member, byte[] ufrag) => _byUfrag.TryAdd(ufrag, member);

    public void Remove(byte[] ufrag) => _byUfrag.Remove(ufrag);

    public RoomMember? Find(ReadOnlySpan<byte> ufrag) => _byUfragSpan.TryGetValue(ufrag, out var member) ? member : null;

    public RoomMember? Find(TransportAddress from) => _byAddress.GetValueOrDefault(from).Holder;

    /// <summary>
    /// Returns true if a check of this member may claim the address, and false if the address was recently confirmed for another member.
    /// </summary>
    public bool MayClaim(RoomMember member, TransportAddress address, long now) =>
        !_byAddress.TryGetValue(address, out var claimed) || claimed.Holder == member || now - claimed.CheckedAt >= AddressHold;

    /// <summary>Records that a member sent an authenticated check from an address that it may not claim yet.</summary>
    public void Contest(RoomMember member, TransportAddress address) => _rivals[address] = member;

    /// <summary>Returns the member that sent the last check from another member's address; null: none did.</summary>
    public RoomMember? FindRival(TransportAddress address) => _rivals.GetValueOrDefault(address);

    /// <summary>Records an authenticated check of a member from an address. Returns true if the address is new for the member.</summary>
    public bool Claim(RoomMember member, TransportAddress address, long now)
    {
        var known = _byAddress.TryGetValue(address, out var claimed);
        _byAddress[address] = new Claimed(member, now);
        _rivals.Remove(address);
        if (known && claimed.Holder == member)
            return false;
        claimed.Holder?.Addresses.Remove(address);
        if (member.Addresses.Count == PathSelector.Capacity)
        {
            var oldest = member.Addresses[0] == member.Endpoint.Ice.Selected ? 1 : 0;
            _byAddress.Remove(member.Addresses[oldest]);
            _rivals.Remove(member.Addresses[oldest]);
            member.Addresses.RemoveAt(oldest);
        }

        member.Addresses.Add(address);
        return true;
    }

    public void Remove(RoomMember member)
    {
        if (_byUfrag.Remove(member.Endpoint.Ice.Ufrag))
            Count--;
        if (member.Endpoint.Ice.Next is { } next)
            Remove(next.Ufrag);
        foreach (var address in member.Addresses)
        {
            _byAddress.Remove(address);
            _rivals.Remove(address);
        }

        member.Addresses.Clear();
        foreach (var (address, rival) in _rivals)
        {
            if (rival == member)
                _rivals.Remove(address);
        }
    }

    /// <summary>The member that an address belongs to, and the time of its last authenticated check.</summary>
    private readonly record struct Claimed(RoomMember? Holder, long CheckedAt);
}
