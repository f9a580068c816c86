using Hype.MediaNode.Net;
using Hype.MediaNode.Rtp;

namespace Hype.MediaNode.Cascade;

/// <summary>
/// Finds the link of a datagram on one worker, by its SSRC. The control plane draws SSRCs at random, because many links share one socket
/// and even one pair of addresses. An SSRC is no secret and proves nothing; the link's key does.
/// </summary>
internal sealed class CascadeTable
{
    private readonly Dictionary<Ssrc, LinkSlot> _bySsrc = [];
    private readonly Dictionary<TransportAddress, int> _remotes = [];

    public int Count { get; private set; }

    /// <summary>Adds a link. False if another link receives with one of its SSRCs.</summary>
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
    /// True if this is another worker's address. No member may claim it: a member that forged it as the source of its checks would cut
    /// off the links.
    /// </summary>
    public bool IsRemote(TransportAddress address) => _remotes.ContainsKey(address);
}

/// <summary>A link, and one slot of its other end: the source of a received packet.</summary>
internal readonly record struct LinkSlot(CascadeLink Link, int Slot);
