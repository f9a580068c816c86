using Hype.MediaNode.Net;
using Hype.MediaNode.Rooms;
using Hype.MediaNode.Transport;

namespace Hype.MediaNode.Workers;

/// <summary>
/// Finds the member to which a received datagram belongs: by ufrag for a STUN check, by source address for any other datagram. An address
/// belongs to one member at a time, its holder, and only after an authenticated check from it. A member that sends such a check from
/// another member's address, such as a client that returns on the same port after a crash, becomes its rival: it takes over the address if
/// it answers a check of this node and the holder does not (<see cref="AddressContest"/>).
/// </summary>
internal sealed class EndpointTable
{
    /// <summary>
    /// The time after the holder's last check or answer from an address at which a check of another member claims it at once, µs. Earlier,
    /// one member's credentials must not be enough to cut off another member by sending from its address.
    /// </summary>
    public const long AddressHold = IceLite.ConsentTimeout;

    private readonly Dictionary<byte[], RoomMember> _byUfrag = new(UfragComparer.Instance);
    private readonly Dictionary<byte[], RoomMember>.AlternateLookup<ReadOnlySpan<byte>> _byUfragSpan;
    private readonly Dictionary<TransportAddress, Claimed> _byAddress = [];
    private readonly Dictionary<TransportAddress, AddressContest> _contests = [];
    private readonly Stack<AddressContest> _unused = new();

    public EndpointTable() => _byUfragSpan = _byUfrag.GetAlternateLookup<ReadOnlySpan<byte>>();

    /// <summary>The number of members. A member counts once, even with two ufrags during an ICE restart.</summary>
    public int Count { get; private set; }

    /// <summary>The contests, by address. They may be ended during the enumeration.</summary>
    public Dictionary<TransportAddress, AddressContest> Contests => _contests;

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
        !_byAddress.TryGetValue(address, out var claimed) || claimed.Holder == member || now - claimed.ConfirmedAt >= AddressHold;

    /// <summary>Records that a member sent an authenticated check from an address that it may not claim yet.</summary>
    public void Contest(RoomMember member, TransportAddress address, long now)
    {
        if (!_contests.TryGetValue(address, out var contest))
            _contests.Add(address, contest = _unused.TryPop(out var used) ? used : new AddressContest());
        contest.Add(member, now);
    }

    /// <summary>Returns the contest for an address; null: there is none.</summary>
    public AddressContest? FindContest(TransportAddress address) => _contests.GetValueOrDefault(address);

    /// <summary>
    /// Records that the holder of an address answered a check of this node from there, which ends a contest for the address.
    /// </summary>
    public void Confirm(RoomMember holder, TransportAddress address, long now)
    {
        _byAddress[address] = new Claimed(holder, now);
        EndContest(address);
    }

    /// <summary>Ends the contest for an address, if there is one: the holder keeps it.</summary>
    public void EndContest(TransportAddress address)
    {
        if (!_contests.Remove(address, out var contest))
            return;
        contest.Clear();
        _unused.Push(contest);
    }

    /// <summary>Records an authenticated check of a member from an address. Returns true if the address is new for the member.</summary>
    public bool Claim(RoomMember member, TransportAddress address, long now)
    {
        var known = _byAddress.TryGetValue(address, out var claimed);
        _byAddress[address] = new Claimed(member, now);
        if (known && claimed.Holder == member)
            return false;
        EndContest(address);
        if (claimed.Holder is { } loser)
        {
            loser.Addresses.Remove(address);
            loser.Endpoint.Ice.Paths.Forget(address);
        }

        if (member.Addresses.Count == PathSelector.Capacity)
        {
            var oldest = member.Addresses[0] == member.Endpoint.Ice.Selected ? 1 : 0;
            var evicted = member.Addresses[oldest];
            _byAddress.Remove(evicted);
            EndContest(evicted);
            member.Addresses.RemoveAt(oldest);
            member.Endpoint.Ice.Paths.Forget(evicted);
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
            EndContest(address);
        }

        member.Addresses.Clear();
        foreach (var contest in _contests.Values)
            contest.Remove(member);
    }

    /// <summary>The member that an address belongs to, and the time of its last check or answer from there.</summary>
    private readonly record struct Claimed(RoomMember? Holder, long ConfirmedAt);
}
