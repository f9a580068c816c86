using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using Google.Protobuf;
using Hype.Grains.Abstractions.MediaNodes;
using Proto = Hype.MediaNode.Orders.V1;

namespace Hype.Grains.Channels.Orders;

/// <summary>
/// Creates the credentials and SSRCs of an endpoint. The channel chooses them, not a node, so that any node can hold the endpoint.
/// </summary>
internal static class EndpointFactory
{
    private const string IceChars = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    /// <summary>
    /// The length of a ufrag: 48 bits. Nodes find an endpoint by its ufrag, so two endpoints must not share one. RFC 8839 §5.4 requires at
    /// least 24 bits.
    /// </summary>
    private const int UfragLength = 8;

    /// <summary>The length of a password: 144 bits; RFC 8839 §5.4 requires at least 128.</summary>
    private const int PwdLength = 24;

    public static (string Ufrag, string Pwd) IceCredentials() =>
        (RandomNumberGenerator.GetString(IceChars, UfragLength), RandomNumberGenerator.GetString(IceChars, PwdLength));

    /// <summary>Creates the order for a new endpoint.</summary>
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

    /// <summary>Creates the order for the same endpoint in another room; its ticket holds the credentials and SSRCs.</summary>
    public static Proto.AddEndpoint Revive(MemberNumber number, EndpointPermissions permissions, TransportTicket ticket) => new()
    {
        Number = number.Value,
        CanSpeak = permissions.CanSpeak,
        CanListen = permissions.CanListen,
        Portable = true,
        Ticket = ByteString.CopyFrom(ticket.Sealed),
    };

    /// <summary>Returns random SSRCs, all different.</summary>
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
