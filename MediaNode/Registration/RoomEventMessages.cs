using Google.Protobuf;
using Hype.MediaNode.Rooms;
using Hype.MediaNode.Rtp;
using Hype.MediaNode.Tickets;
using Hype.NodeRegistry.V1;
using CloseReason = Hype.MediaNode.Diagnostics.CloseReason;
using RoomEvent = Hype.MediaNode.Rooms.RoomEvent;

namespace Hype.MediaNode.Registration;

/// <summary>Converts room events to messages of <c>node_registry.proto</c>.</summary>
internal static class RoomEventMessages
{
    public static NodeRegistry.V1.RoomEvent ToMessage(RoomEvent happened)
    {
        var message = new NodeRegistry.V1.RoomEvent { Channel = happened.Room.Channel, Epoch = happened.Room.Epoch.Value };
        switch (happened.Kind)
        {
            case RoomEventKind.Connected:
                message.Connected = new EndpointConnected { Number = happened.Number.Value };
                break;
            case RoomEventKind.Closed:
                message.Closed = new EndpointClosed { Number = happened.Number.Value, Reason = ToMessage(happened.Reason) };
                break;
            case RoomEventKind.DominantSpeaker:
                message.DominantSpeaker = new DominantSpeaker { Number = happened.Number.Value };
                break;
            case RoomEventKind.Quality:
                message.Quality = new Quality
                {
                    Number = happened.Number.Value,
                    LossPercent = happened.Quality.LossPercent,
                    JitterMs = happened.Quality.JitterMs,
                    RoundTripMs = happened.Quality.RoundTripMs,
                };
                break;
            case RoomEventKind.Ticket:
                message.Ticket = ToMessage(happened.Number, happened.Ticket!);
                break;
            case RoomEventKind.Flooding:
                message.Flooding = new EndpointFlooding { Number = happened.Number.Value };
                break;
            case RoomEventKind.LinkLost:
                message.LinkLost = new LinkLost { Link = happened.Link };
                break;
        }

        return message;
    }

    private static Ticket ToMessage(MemberNumber number, IssuedTicket ticket) => new()
    {
        Number = number.Value,
        IceUfrag = ticket.IceUfrag,
        SlotSsrcs = { ticket.SlotSsrcs.Select(ssrc => ssrc.Value) },
        Fingerprint = ticket.Fingerprint,
        Version = ticket.Version,
        Sealed = ByteString.CopyFrom(ticket.Sealed),
    };

    private static NodeRegistry.V1.CloseReason ToMessage(CloseReason reason) => reason switch
    {
        CloseReason.ConsentExpired => NodeRegistry.V1.CloseReason.ConsentExpired,
        CloseReason.DtlsFailed => NodeRegistry.V1.CloseReason.DtlsFailed,
        CloseReason.FingerprintMismatch => NodeRegistry.V1.CloseReason.FingerprintMismatch,
        CloseReason.PeerClosed => NodeRegistry.V1.CloseReason.PeerClosed,
        CloseReason.NeverConnected => NodeRegistry.V1.CloseReason.NeverConnected,
        CloseReason.Failed => NodeRegistry.V1.CloseReason.Failed,
        _ => NodeRegistry.V1.CloseReason.Unspecified,
    };
}
