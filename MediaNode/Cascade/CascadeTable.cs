using Hype.MediaNode.Net;
using Hype.MediaNode.Rtp;

namespace Hype.MediaNode.Cascade;

/// <summary>
/// Finds the link to which a received datagram belongs, by its SSRC. The control plane draws SSRCs at random, because many links share one
/// socket and even one pair of addresses. The SSRC is not secret: only the link's key authenticates the datagram.
/// </summary>
internal sealed class CascadeTable
{
    private readonly Dictionary<Ssrc, LinkSlot> _bySsrc = [];
    private readonly Dictionary<TransportAddress, int> _remotes = [];

    public int Count { get; private set; }

    /// <summary>Adds a link. Returns false if another link receives with one of its SSRCs.</summary>
    public bool TryAdd(CascadeLink link)
    {
        foreach (var ssrc in link.ReceiveSsrcs)
        {
            if (_bySsrc.ContainsKey(ssrc))
                return false;
        }

        for (var slot = 0; slot < link.ReceiveSsrcs.Length; slot++)
            _bySsrc.Add(link.ReceiveSsrcs[slot], new LinkSlot(link, slot));
        _remotes[link.Remote] = _remotes.GetValueOrDefault(link.Remote) + 1;
        Count++;
        return true;
    }

    public void Remove(CascadeLink link)
    {
        foreach (var ssrc in link.ReceiveSsrcs)
            _bySsrc.Remove(ssrc);
        if (--_remotes[link.Remote] == 0)
            _remotes.Remove(link.Remote);
        Count--;
    }

    public bool TryFind(Ssrc ssrc, out LinkSlot found) => _bySsrc.TryGetValue(ssrc, out found);

    /// <summary>
    /// Returns true if a link's other end is at this address. No member may claim the address: a member that forged it as the source of
    /// its STUN checks would cut off the link.
    /// </summary>
    public bool IsRemote(TransportAddress address) => _remotes.ContainsKey(address);
}

/// <summary>The source of a packet that was received over a link: the link, and the slot of the link's other end.</summary>
internal readonly record struct LinkSlot(CascadeLink Link, int Slot);
