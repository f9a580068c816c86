namespace Hype.MediaNode.Net;

/// <summary>
/// The addresses of this host at which datagrams of clients arrived: a client's NAT or firewall drops an answer that does not come from
/// the address to which the client sent. Each path of a client keeps the number of its address, so that no packet searches for it and no
/// client can change the address of another one.
/// </summary>
internal sealed class LocalAddresses
{
    // A host has a few addresses. Beyond this number, as with a routed prefix, the kernel selects the address.
    private const int Capacity = byte.MaxValue;

    private readonly List<TransportAddress> _addresses = [];

    /// <summary>Returns the number of an address, whose port is ignored, and adds the address if it is new.</summary>
    public LocalAddress NumberOf(TransportAddress local)
    {
        var address = local with { Port = 0 };
        var index = _addresses.IndexOf(address);
        if (index < 0)
        {
            if (_addresses.Count == Capacity)
                return default;
            index = _addresses.Count;
            _addresses.Add(address);
        }

        return new LocalAddress((byte)(index + 1));
    }

    /// <summary>Returns the address with a number; <c>default</c>: the kernel selects it.</summary>
    public TransportAddress this[LocalAddress local] => local.Number == 0 ? default : _addresses[local.Number - 1];
}
