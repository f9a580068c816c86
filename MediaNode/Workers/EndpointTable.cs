using Hype.MediaNode.Net;
using Hype.MediaNode.Rooms;

namespace Hype.MediaNode.Workers;

/// <summary>
/// Which member a datagram belongs to: by ufrag for checks, by source address for the rest. An address is a member's only
/// after an authenticated check came from it.
/// </summary>
internal sealed class EndpointTable
{
    // A client checks from every interface and every NAT mapping it tries; the newest few are what it can be using.
    private const int AddressesPerMember = 8;

    // As long as a member is this fresh on an address, nobody else's check takes it: credentials of one participant must
    // not be enough to cut off another by sending from his address. RFC 7675 §5.1 spaces checks by up to 6 s, and one may
    // be lost on the way. Microseconds.
    public const long AddressHold = 13_000_000;

    private readonly Dictionary<byte[], RoomMember> _byUfrag = new(UfragComparer.Instance);
    private readonly Dictionary<byte[], RoomMember>.AlternateLookup<ReadOnlySpan<byte>> _byUfragSpan;
    private readonly Dictionary<TransportAddress, Claimed> _byAddress = [];

    public EndpointTable() => _byUfragSpan = _byUfrag.GetAlternateLookup<ReadOnlySpan<byte>>();

    /// <summary>Members; during an ICE restart one has two ufrags.</summary>
    public int Count { get; private set; }

    /// <summary>False when another endpoint has this ufrag.</summary>
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

    /// <summary>The member answers to one more ufrag. False when another endpoint has it.</summary>
    public bool TryAdd(RoomMember member, byte[] ufrag) => _byUfrag.TryAdd(ufrag, member);

    public void Remove(byte[] ufrag) => _byUfrag.Remove(ufrag);

    public RoomMember? Find(ReadOnlySpan<byte> ufrag) => _byUfragSpan.TryGetValue(ufrag, out var member) ? member : null;

    public RoomMember? Find(TransportAddress from) => _byAddress.GetValueOrDefault(from).Holder;

    /// <summary>May a check of this member come from the address, or is it fresh in another's hands?</summary>
    public bool MayClaim(RoomMember member, TransportAddress address, long now) =>
        !_byAddress.TryGetValue(address, out var claimed) || claimed.Holder == member || now - claimed.CheckedAt >= AddressHold;

    /// <summary>An authenticated check of this member came from the address. True when the address is new to it.</summary>
    public bool Claim(RoomMember member, TransportAddress address, long now)
    {
        var known = _byAddress.TryGetValue(address, out var claimed);
        _byAddress[address] = new Claimed(member, now);
        if (known && claimed.Holder == member)
            return false;
        claimed.Holder?.Addresses.Remove(address);
        if (member.Addresses.Count == AddressesPerMember)
        {
            var oldest = member.Addresses[0] == member.Endpoint.Ice.Selected ? 1 : 0;
            _byAddress.Remove(member.Addresses[oldest]);
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
            _byAddress.Remove(address);
        member.Addresses.Clear();
    }

    /// <summary>Whose an address is, and when the last authenticated check came from it.</summary>
    private readonly record struct Claimed(RoomMember? Holder, long CheckedAt);
}
