using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using Google.Protobuf;
using Hype.Grains.Abstractions.MediaNodes;
using Proto = Hype.MediaNode.Orders.V1;

namespace Hype.Grains.Channels.Orders;

/// <summary>
/// Creates the ICE credentials and the SSRCs of an endpoint. The channel chooses them instead of the node, so that any node can hold the
/// endpoint.
/// </summary>
internal static class EndpointFactory
{
    private const string IceChars = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    /// <summary>
    /// The length of an ICE ufrag in characters: 48 bits. Nodes find an endpoint by its ufrag, so two endpoints must not have the same
    /// one. RFC 8839 §5.4 requires at least 24 bits.
    /// </summary>
    private const int UfragLength = 8;

    /// <summary>The length of an ICE password in characters: 144 bits; RFC 8839 §5.4 requires at least 128.</summary>
    private const int PwdLength = 24;

    public static (string Ufrag, string Pwd) IceCredentials() =>
        (RandomNumberGenerator.GetString(IceChars, UfragLength), RandomNumberGenerator.GetString(IceChars, PwdLength));

    /// <summary>Creates the order that adds a new endpoint to a room.</summary>
    public static Proto.AddEndpoint Create(MemberNumber number, EndpointPermissions permissions, int slots, bool portable)
    {
        var (ufrag, pwd) = IceCredentials();
        return new Proto.AddEndpoint
        {
            Number = number.Value,
            IceUfrag = ufrag,
            IcePwd = pwd,
            SlotSsrcs = { Ssrcs(slots).Select(ssrc => ssrc.Value) },
            CanSpeak = permissions.CanSpeak,
            CanListen = permissions.CanListen,
            Portable = portable,
        };
    }

    /// <summary>
    /// Creates the order that revives an existing endpoint in another room, with the credentials and SSRCs in its ticket.
    /// </summary>
    public static Proto.AddEndpoint Revive(MemberNumber number, EndpointPermissions permissions, TransportTicket ticket) => new()
    {
        Number = number.Value,
        CanSpeak = permissions.CanSpeak,
        CanListen = permissions.CanListen,
        Portable = true,
        Ticket = ByteString.CopyFrom(ticket.Sealed),
    };

    /// <summary>Returns random SSRCs without duplicates; none is zero.</summary>
    public static ImmutableArray<Ssrc> Ssrcs(int count)
    {
        var ssrcs = new HashSet<Ssrc>();
        Span<byte> random = stackalloc byte[sizeof(uint)];
        while (ssrcs.Count < count)
        {
            RandomNumberGenerator.Fill(random);
            // Some interfaces use 0 for "no source".
            if (BinaryPrimitives.ReadUInt32BigEndian(random) is not 0 and var ssrc)
                ssrcs.Add(new Ssrc(ssrc));
        }

        return [.. ssrcs];
    }
}
