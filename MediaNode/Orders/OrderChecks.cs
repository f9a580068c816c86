using System.Diagnostics.CodeAnalysis;
using System.Net;
using Hype.MediaNode.Cascade;
using Hype.MediaNode.Net;
using Hype.MediaNode.Rooms;
using Hype.MediaNode.Rtp;
using Hype.MediaNode.Stun;
using Hype.MediaNode.Tickets;
using Proto = Hype.MediaNode.Orders.V1;

namespace Hype.MediaNode.Orders;

/// <summary>
/// Reads and validates the fields of node orders. An order with a field out of range is refused with a sentence that names the field.
/// </summary>
internal static class OrderChecks
{
    public const uint MaxSlots = 32;

    private const int MaxName = 64;

    public static RoomKey KeyOf(Proto.RoomKey? key)
    {
        Require(key is { Channel.Length: >= 1 and <= MaxName }, "room.channel must have 1-64 characters");
        return new RoomKey(key!.Channel, new RoomEpoch(key.Epoch));
    }

    public static EndpointSpec EndpointOf(Proto.AddEndpoint order, TransportTicket? ticket)
    {
        if (ticket is not null)
            return new EndpointSpec(new MemberNumber(order.Number), ticket, order.CanSpeak, order.CanListen) { Portable = order.Portable };
        var credential = CredentialOf(order.IceUfrag, order.IcePwd);
        Require(order.SlotSsrcs.Distinct().Count() == order.SlotSsrcs.Count, "slot_ssrcs must differ");
        return new EndpointSpec(
            new MemberNumber(order.Number),
            credential.Ufrag,
            credential.Pwd,
            [.. order.SlotSsrcs.Select(ssrc => new Ssrc(ssrc))],
            order.CanSpeak,
            order.CanListen)
        {
            Portable = order.Portable,
        };
    }

    public static TransportTicket? TicketOf(Proto.AddEndpoint order)
    {
        if (order.Ticket.IsEmpty)
            return null;
        Require(
            order.IceUfrag.Length + order.IcePwd.Length + order.SlotSsrcs.Count == 0,
            "ice_ufrag, ice_pwd and slot_ssrcs are in the ticket and must be empty");
        var ticket = TransportTickets.TryUnseal(order.Ticket.Span, out var refusal);
        Require(ticket is not null, $"ticket cannot be used: {refusal}");
        return ticket;
    }

    public static IceCredential CredentialOf(string ufrag, string pwd)
    {
        Require(IceChars.IsValid(ufrag, 4), "ice_ufrag must be 4-256 ice-chars");
        Require(IceChars.IsValid(pwd, 22), "ice_pwd must be 22-256 ice-chars");
        return new IceCredential(IceChars.ToBytes(ufrag), IceChars.ToBytes(pwd));
    }

    public static LinkSpec LinkOf(Proto.AddLink order)
    {
        RequireLinkName(order.Link);
        Require(
            IPAddress.TryParse(order.RemoteAddress, out var address)
                && !address.Equals(IPAddress.Any) && !address.Equals(IPAddress.IPv6Any),
            "remote_address must be the IP address of a machine");
        Require(order.RemotePort is >= 1 and <= ushort.MaxValue, "remote_port must be 1-65535");
        Require(order.SendKey.Length == LinkSpec.KeyLength, $"send_key must have {LinkSpec.KeyLength} bytes");
        Require(order.ReceiveKey.Length == LinkSpec.KeyLength, $"receive_key must have {LinkSpec.KeyLength} bytes");
        Require(!order.SendKey.Equals(order.ReceiveKey), "send_key and receive_key must differ");
        Require(order.SendSsrcs.Distinct().Count() == order.SendSsrcs.Count, "send_ssrcs must differ");
        Require(order.ReceiveSsrcs.Distinct().Count() == order.ReceiveSsrcs.Count, "receive_ssrcs must differ");
        return new LinkSpec(
            order.Link,
            TransportAddress.From(new IPEndPoint(address!, (int)order.RemotePort)),
            order.SendKey.ToByteArray(),
            order.ReceiveKey.ToByteArray(),
            [.. order.SendSsrcs.Select(ssrc => new Ssrc(ssrc))],
            [.. order.ReceiveSsrcs.Select(ssrc => new Ssrc(ssrc))]);
    }

    public static void RequireLinkName(string link) => Require(link.Length is >= 1 and <= MaxName, "link must have 1-64 characters");

    public static void Require([DoesNotReturnIf(false)] bool holds, string sentence)
    {
        if (!holds)
            throw new OrderRefusedException(Proto.OutcomeCode.InvalidOrder, sentence);
    }
}
