using System.Security.Cryptography;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Channels.Endpoints;

namespace Hype.Grains.Channels.Rooms;

/// <summary>Invents what makes a link between two rooms: a key for each direction and an SSRC for each slot, used for this link only.</summary>
internal static class RoomLinkKeys
{
    /// <summary>AEAD_AES_128_GCM (RFC 7714 §12): 128 bits of master key, 96 of master salt.</summary>
    private const int KeyAndSalt = 16 + 12;

    public static (LinkSpec Low, LinkSpec High) Create(ChannelId channel, LinkRooms link, NodeCandidate low, NodeCandidate high, int slots)
    {
        var (up, down) = (RandomNumberGenerator.GetBytes(KeyAndSalt), RandomNumberGenerator.GetBytes(KeyAndSalt));
        var (upSsrcs, downSsrcs) = (EndpointFactory.Ssrcs(slots), EndpointFactory.Ssrcs(slots));
        var end = new LinkSpec
        {
            Channel = channel,
            Epoch = link.Low.Epoch,
            Link = link.Name,
            Remote = high,
            SendKey = up,
            ReceiveKey = down,
            SendSsrcs = upSsrcs,
            ReceiveSsrcs = downSsrcs,
        };
        return (end, end with
        {
            Epoch = link.High.Epoch,
            Remote = low,
            SendKey = down,
            ReceiveKey = up,
            SendSsrcs = downSsrcs,
            ReceiveSsrcs = upSsrcs,
        });
    }
}
