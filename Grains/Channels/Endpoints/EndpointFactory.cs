using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.MediaNodes;

namespace Hype.Grains.Channels.Endpoints;

/// <summary>Invents what makes a transport, so that any node can carry it (DESIGN.md §6).</summary>
internal static class EndpointFactory
{
    private const string IceChars = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    /// <summary>48 bits: nodes find an endpoint by it, so two of them must not meet. RFC 8839 §5.4 asks for 24 bits at least.</summary>
    private const int UfragLength = 8;

    /// <summary>144 bits; RFC 8839 §5.4 asks for 128 at least.</summary>
    private const int PwdLength = 24;

    public static (string Ufrag, string Pwd) IceCredentials() =>
        (RandomNumberGenerator.GetString(IceChars, UfragLength), RandomNumberGenerator.GetString(IceChars, PwdLength));

    public static EndpointSpec Create(ChannelId channel, RoomEpoch epoch, EndpointPermissions member, int slots, bool portable)
    {
        var (ufrag, pwd) = IceCredentials();
        return new EndpointSpec
        {
            Channel = channel,
            Epoch = epoch,
            Number = member.Number,
            IceUfrag = ufrag,
            IcePwd = pwd,
            SlotSsrcs = Ssrcs(slots),
            CanSpeak = member.CanSpeak,
            CanListen = member.CanListen,
            Portable = portable,
        };
    }

    /// <summary>The same transport in another room.</summary>
    public static EndpointSpec Revive(ChannelId channel, RoomEpoch epoch, EndpointPermissions member, TransportTicket ticket) => new()
    {
        Channel = channel,
        Epoch = epoch,
        Number = member.Number,
        IceUfrag = "",
        IcePwd = "",
        SlotSsrcs = [],
        CanSpeak = member.CanSpeak,
        CanListen = member.CanListen,
        Portable = true,
        Ticket = ticket,
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
