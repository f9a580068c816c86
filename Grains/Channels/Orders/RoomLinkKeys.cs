using System.Security.Cryptography;
using Google.Protobuf;
using Hype.Grains.Abstractions.MediaNodes;
using Hype.MediaNode.Orders.V1;

namespace Hype.Grains.Channels.Orders;

/// <summary>
/// Creates the secrets of a link between two rooms: a key for each direction and an SSRC for each slot, used for this link only.
/// </summary>
internal static class RoomLinkKeys
{
    /// <summary>The length of master key (128 bits) and master salt (96 bits) of AEAD_AES_128_GCM in bytes (RFC 7714 §12).</summary>
    private const int KeyAndSalt = 16 + 12;

    /// <summary>Returns the orders for both ends of a link; each end receives with the key with which the other one sends.</summary>
    public static (AddLink Low, AddLink High) Create(string name, NodeCandidate low, NodeCandidate high, int slots)
    {
        var (upKey, downKey) = (RandomNumberGenerator.GetBytes(KeyAndSalt), RandomNumberGenerator.GetBytes(KeyAndSalt));
        var (upSsrcs, downSsrcs) = (EndpointFactory.Ssrcs(slots), EndpointFactory.Ssrcs(slots));
        return (End(high, upKey, downKey, upSsrcs, downSsrcs), End(low, downKey, upKey, downSsrcs, upSsrcs));

        AddLink End(
            NodeCandidate remote, byte[] sendKey, byte[] receiveKey, IEnumerable<Ssrc> sendSsrcs, IEnumerable<Ssrc> receiveSsrcs) => new()
            {
                Link = name,
                RemoteAddress = remote.Address,
                RemotePort = (uint)remote.Port,
                SendKey = ByteString.CopyFrom(sendKey),
                ReceiveKey = ByteString.CopyFrom(receiveKey),
                SendSsrcs = { sendSsrcs.Select(ssrc => ssrc.Value) },
                ReceiveSsrcs = { receiveSsrcs.Select(ssrc => ssrc.Value) },
            };
    }
}
