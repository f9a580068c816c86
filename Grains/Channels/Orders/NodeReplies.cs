using System.Diagnostics.CodeAnalysis;
using Hype.Grains.Abstractions.MediaNodes;
using Proto = Hype.MediaNode.Orders.V1;

namespace Hype.Grains.Channels.Orders;

/// <summary>Converts the messages in which nodes return the results of orders (<c>media_node.proto</c>).</summary>
internal static class NodeReplies
{
    public static OpenedRoom Read(Proto.OpenedRoom room) =>
        new([.. room.Candidates.Select(candidate => new NodeCandidate(candidate.Address, (int)candidate.Port))], room.Fingerprint);

    public static ListedEndpoints Read(Proto.ListedEndpoints list) =>
        new([.. list.Endpoints.Select(Read)], [.. list.Links])
        {
            Slots = [.. list.Slots.Select(number => new MemberNumber(number))],
        };

    [return: NotNullIfNotNull(nameof(ticket))]
    public static TransportTicket? Read(Proto.TransportTicket? ticket) => ticket is null
        ? null
        : new TransportTicket(
            ticket.IceUfrag,
            [.. ticket.SlotSsrcs.Select(ssrc => new Ssrc(ssrc))],
            ticket.Fingerprint,
            (long)ticket.Version,
            ticket.Sealed.ToByteArray());

    private static ListedEndpoint Read(Proto.ListedEndpoint endpoint) =>
        new(new(endpoint.Number), Read(endpoint.Ticket)) { Released = endpoint.Released };
}
