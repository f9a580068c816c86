namespace Hype.MediaNode.Net;

/// <summary>
/// The local addresses from which datagrams leave, for a host with several: a client's NAT or firewall drops an answer that does not come
/// from the address to which the client sent. The table has a fixed size, and a newer client may replace an older one; the older client's
/// next check, at most 6 s later (RFC 7675 §5.1), restores its entry. Until then the kernel selects the address.
/// </summary>
internal sealed class LocalAddresses
{
    private const int Capacity = 1 << 14;

    private readonly Entry[] _entries = new Entry[Capacity];

    /// <summary>Records the local address at which a datagram of a client arrived; its port is ignored.</summary>
    public void Set(TransportAddress remote, TransportAddress local) => _entries[IndexOf(remote)] = new Entry(remote, local);

    /// <summary>Finds the local address for a client. Returns false if it is not known.</summary>
    public bool TryGet(TransportAddress remote, out TransportAddress local)
    {
        ref readonly var entry = ref _entries[IndexOf(remote)];
        local = entry.Local;
        return entry.Remote == remote && local != default;
    }

    // HashCode has a random seed in each process, so that no client can choose an address that replaces another client's entry.
    private static int IndexOf(TransportAddress remote) => HashCode.Combine(remote.High, remote.Low, remote.Port) & (Capacity - 1);

    private readonly record struct Entry(TransportAddress Remote, TransportAddress Local);
}
