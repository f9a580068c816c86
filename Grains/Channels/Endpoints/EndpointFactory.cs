using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using Google.Protobuf;
using Hype.Grains.Abstractions.MediaNodes;
using Proto = Hype.MediaNode.Orders.V1;

namespace Hype.Grains.Channels.Endpoints;

/// <summary>Creates everything that makes an endpoint, so that any node can hold it.</summary>
internal static class EndpointFactory
{
    private const string IceChars = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    /// <summary>48 bits: nodes find an endpoint by it, so two of them must not meet. RFC 8839 §5.4 asks for 24 bits at least.</summary>
    private const int UfragLength = 8;

    /// <summary>144 bits; RFC 8839 §5.4 asks for 128 at least.</summary>
    private const int PwdLength = 24;

    public static (string Ufrag, string Pwd) IceCredentials() =>
        (RandomNumberGenerator.GetString(IceChars, UfragLength), RandomNumberGenerator.GetString(IceChars, PwdLength));

    /// <summary>A new endpoint, with credentials and SSRCs of its own.</summary>
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

    /// <summary>The same endpoint in another room.</summary>
    public static Proto.AddEndpoint Revive(MemberNumber number, EndpointPermissions permissions, TransportTicket ticket) => new()
    {
        Number = number.Value,
        CanSpeak = permissions.CanSpeak,
        CanListen = permissions.CanListen,
        Portable = true,
        Ticket = ByteString.CopyFrom(ticket.Sealed),
    };

    public static ImmutableArray<Ssrc> Ssrcs(int count)
    {
        var ssrcs = new HashSet<Ssrc>();
        Span<byte> random = stackalloc byte[sizeof(uint)];
        while (ssrcs.Count < count)
        {
            RandomNumberGenerator.Fill(random);
            // Zero means "no source" in places.
            if (BinaryPrimitives.ReadUInt32BigEndian(random) is not 0 and var ssrc)
                ssrcs.Add(new Ssrc(ssrc));
        }

        return [.. ssrcs];
    }
}
