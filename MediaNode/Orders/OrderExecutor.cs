using System.Security.Cryptography;
using Google.Protobuf;
using Hype.MediaNode.Configuration;
using Hype.MediaNode.Dtls;
using Hype.MediaNode.NodeState;
using Hype.MediaNode.Rooms;
using Hype.MediaNode.Rtp;
using Hype.MediaNode.Tickets;
using Hype.MediaNode.Workers;
using Microsoft.Extensions.Options;
using Proto = Hype.MediaNode.Orders.V1;

namespace Hype.MediaNode.Orders;

/// <summary>
/// Executes the node orders of the control plane. A method for each order validates the order and passes it to the worker that has the
/// room.
/// </summary>
internal sealed class OrderExecutor(
    RoomDirectory rooms,
    WorkerPool pool,
    DtlsContextCache certificates,
    AnnouncedAddresses addresses,
    NodeDrain drain,
    IOptions<MediaNodeOptions> options)
{
    private static Proto.Outcome Done => new() { Code = Proto.OutcomeCode.Done };

    public async Task<Proto.Outcome> ExecuteAsync(Proto.NodeOrder order)
    {
        try
        {
            var room = new FencedRoom(OrderChecks.KeyOf(order.Room), new ChannelIncarnation(order.Incarnation));
            return await (order.BodyCase switch
            {
                Proto.NodeOrder.BodyOneofCase.OpenRoom => OpenRoomAsync(room, order.OpenRoom),
                Proto.NodeOrder.BodyOneofCase.CloseRoom => CloseRoomAsync(room),
                Proto.NodeOrder.BodyOneofCase.AddEndpoint => AddEndpointAsync(room, order.AddEndpoint),
                Proto.NodeOrder.BodyOneofCase.AcceptAnswer => AcceptAnswerAsync(room, order.AcceptAnswer),
                Proto.NodeOrder.BodyOneofCase.UpdateEndpoint => UpdateEndpointAsync(room, order.UpdateEndpoint),
                Proto.NodeOrder.BodyOneofCase.RemoveEndpoint => RemoveEndpointAsync(room, order.RemoveEndpoint),
                Proto.NodeOrder.BodyOneofCase.RestartIce => RestartIceAsync(room, order.RestartIce),
                Proto.NodeOrder.BodyOneofCase.ReleaseEndpoint => ReleaseEndpointAsync(room, order.ReleaseEndpoint),
                Proto.NodeOrder.BodyOneofCase.ListEndpoints => ListEndpointsAsync(room),
                Proto.NodeOrder.BodyOneofCase.AddLink => AddLinkAsync(room, order.AddLink),
                Proto.NodeOrder.BodyOneofCase.RemoveLink => RemoveLinkAsync(room, order.RemoveLink),
                _ => throw new OrderRefusedException(
                    Proto.OutcomeCode.InvalidOrder, "the body is missing, or is an order of a newer version"),
            });
        }
        catch (OrderRefusedException exception)
        {
            return new Proto.Outcome { Code = exception.Code, Detail = exception.Message };
        }
        catch (ObjectDisposedException)
        {
            // A stopping worker takes no orders. The control plane looks for another node.
            return new Proto.Outcome { Code = Proto.OutcomeCode.Unreachable, Detail = "this node is stopping" };
        }
    }

    private async Task<Proto.Outcome> OpenRoomAsync(FencedRoom room, Proto.OpenRoom order)
    {
        OrderChecks.Require(order.Slots is >= 1 and <= OrderChecks.MaxSlots, $"slots must be 1-{OrderChecks.MaxSlots}");
        OrderChecks.Require(order.Identity is not null, "identity is missing");
        if (!rooms.Contains(room.Key))
        {
            if (drain.IsDraining)
                throw new OrderRefusedException(Proto.OutcomeCode.NoCapacity, "this node is draining and takes no new rooms");
            RequireCapacity();
        }

        var opened = await rooms.OpenAsync(room, (int)order.Slots, CertificateOf(order.Identity!))
            ?? throw new OrderRefusedException(Proto.OutcomeCode.StaleEpoch, "a newer epoch of this channel is known");
        var message = new Proto.OpenedRoom { Fingerprint = CertificateFingerprint.Write(opened.Dtls.Fingerprint) };
        foreach (var address in addresses.List())
            message.Candidates.Add(new Proto.Candidate { Address = address.ToString(), Port = (uint)opened.Worker.Port });
        return new Proto.Outcome { Code = Proto.OutcomeCode.Done, OpenedRoom = message };
    }

    private async Task<Proto.Outcome> CloseRoomAsync(FencedRoom room)
    {
        await rooms.CloseAsync(room);
        return Done;
    }

    private async Task<Proto.Outcome> AddEndpointAsync(FencedRoom room, Proto.AddEndpoint order)
    {
        OrderChecks.Require(order.Number > 0, "number must be above 0");
        RequireCapacity();
        using var ticket = OrderChecks.TicketOf(order);
        var spec = OrderChecks.EndpointOf(order, ticket);
        return await RunAsync(room, worker => worker.AddEndpoint(room.Key, spec));
    }

    private Task<Proto.Outcome> AcceptAnswerAsync(FencedRoom room, Proto.AcceptAnswer order)
    {
        var client = OrderChecks.CredentialOf(order.IceUfrag, order.IcePwd);
        var fingerprint = order.Fingerprint.ToByteArray();
        return RunAsync(
            room,
            worker => worker.AcceptAnswer(room.Key, new MemberNumber(order.Number), client, order.FingerprintAlgorithm, fingerprint));
    }

    private Task<Proto.Outcome> UpdateEndpointAsync(FencedRoom room, Proto.UpdateEndpoint order) =>
        RunAsync(room, worker => worker.UpdateEndpoint(room.Key, new MemberNumber(order.Number), order.CanSpeak, order.CanListen));

    private async Task<Proto.Outcome> RemoveEndpointAsync(FencedRoom room, Proto.RemoveEndpoint order)
    {
        if (rooms.PostAsync(room, worker => worker.RemoveEndpoint(room.Key, new MemberNumber(order.Number))) is { } removed)
            await removed;
        return Done;
    }

    private Task<Proto.Outcome> RestartIceAsync(FencedRoom room, Proto.RestartIce order)
    {
        var credential = OrderChecks.CredentialOf(order.IceUfrag, order.IcePwd);
        return RunAsync(room, worker => worker.RestartIce(room.Key, new MemberNumber(order.Number), credential));
    }

    private async Task<Proto.Outcome> ReleaseEndpointAsync(FencedRoom room, Proto.ReleaseEndpoint order)
    {
        OrderChecks.Require(order.HandOver != 0, "hand_over is missing");
        var (result, ticket) =
            await PostAsync(room, worker => worker.ReleaseEndpoint(room.Key, new MemberNumber(order.Number), order.HandOver));
        return result == CommandResult.Done
            ? new Proto.Outcome { Code = Proto.OutcomeCode.Done, ReleasedEndpoint = new() { Ticket = MessageOf(ticket) } }
            : OutcomeOf(result);
    }

    private async Task<Proto.Outcome> ListEndpointsAsync(FencedRoom room)
    {
        var key = room.Key;
        var (endpoints, links, slots) =
            await PostAsync(room, worker => (worker.ListEndpoints(key), worker.ListLinks(key), worker.ListSlots(key)));
        if (endpoints is null)
            return OutcomeOf(CommandResult.UnknownRoom);
        var members =
            from endpoint in endpoints
            select new Proto.ListedEndpoint
            {
                Number = endpoint.Number.Value,
                Ticket = MessageOf(endpoint.Ticket),
                Released = endpoint.IsReleased,
            };
        var listed = new Proto.ListedEndpoints
        {
            Endpoints = { members },
            Links = { links },
            Slots = { slots.Select(number => number.Value) },
        };
        return new Proto.Outcome { Code = Proto.OutcomeCode.Done, ListedEndpoints = listed };
    }

    private Task<Proto.Outcome> AddLinkAsync(FencedRoom room, Proto.AddLink order)
    {
        var spec = OrderChecks.LinkOf(order);
        return RunAsync(room, worker => worker.AddLink(room.Key, spec));
    }

    private async Task<Proto.Outcome> RemoveLinkAsync(FencedRoom room, Proto.RemoveLink order)
    {
        OrderChecks.RequireLinkName(order.Link);
        if (rooms.PostAsync(room, worker => worker.RemoveLink(room.Key, order.Link)) is { } removed)
            await removed;
        return Done;
    }

    private DtlsContext CertificateOf(Proto.DtlsIdentity identity)
    {
        try
        {
            return certificates.Get(identity.Certificate.ToByteArray(), identity.PrivateKey.ToByteArray());
        }
        catch (CryptographicException exception)
        {
            throw new OrderRefusedException(Proto.OutcomeCode.InvalidOrder, $"identity: {exception.Message}");
        }
    }

    private void RequireCapacity()
    {
        if (pool.Endpoints >= options.Value.MaxEndpoints)
            throw new OrderRefusedException(
                Proto.OutcomeCode.NoCapacity, $"this node has {options.Value.MaxEndpoints} endpoints, its configured maximum");
    }

    private Task<T> PostAsync<T>(FencedRoom room, Func<MediaWorker, T> command) =>
        rooms.PostAsync(room, command) ?? throw new OrderRefusedException(Proto.OutcomeCode.UnknownRoom, "this node has no such room");

    private async Task<Proto.Outcome> RunAsync(FencedRoom room, Func<MediaWorker, CommandResult> command) =>
        OutcomeOf(await PostAsync(room, command));

    private static Proto.TransportTicket? MessageOf(IssuedTicket? ticket) => ticket is null ? null : new Proto.TransportTicket
    {
        IceUfrag = ticket.IceUfrag,
        SlotSsrcs = { ticket.SlotSsrcs.Select(ssrc => ssrc.Value) },
        Fingerprint = ticket.Fingerprint,
        Version = ticket.Version,
        Sealed = ByteString.CopyFrom(ticket.Sealed),
    };

    private static Proto.Outcome OutcomeOf(CommandResult result) => result switch
    {
        CommandResult.Done => Done,
        CommandResult.UnknownRoom => new() { Code = Proto.OutcomeCode.UnknownRoom, Detail = "this node has no such room" },
        CommandResult.UnknownEndpoint =>
            new() { Code = Proto.OutcomeCode.UnknownEndpoint, Detail = "the room has no endpoint of this number" },
        CommandResult.AlreadyThere => new()
        {
            Code = Proto.OutcomeCode.AlreadyExists,
            Detail = "the member has an endpoint in the room, or another endpoint has the ufrag",
        },
        CommandResult.Full => new() { Code = Proto.OutcomeCode.NoCapacity, Detail = "the room's worker has its maximum of endpoints" },
        CommandResult.WrongSlots =>
            new() { Code = Proto.OutcomeCode.InvalidOrder, Detail = "slot_ssrcs must be as many as the room has slots" },
        CommandResult.TicketSpent => new()
        {
            Code = Proto.OutcomeCode.InvalidOrder,
            Detail = "the ticket has too few SRTP indices left after revivals that the client did not follow; add a new endpoint",
        },
        CommandResult.WrongLinkSlots => new()
        {
            Code = Proto.OutcomeCode.InvalidOrder,
            Detail = "send_ssrcs and receive_ssrcs must each be as many as the room has slots",
        },
        CommandResult.LinkAlreadyThere => new()
        {
            Code = Proto.OutcomeCode.AlreadyExists,
            Detail = "the room has, or had, a link of this name: a new link needs a new name and new keys",
        },
        CommandResult.LinkSsrcTaken =>
            new() { Code = Proto.OutcomeCode.AlreadyExists, Detail = "another link receives by one of these receive_ssrcs" },
        CommandResult.BadFingerprint => new()
        {
            Code = Proto.OutcomeCode.InvalidFingerprint,
            Detail = "the fingerprint must be sha-256, sha-384 or sha-512 of its length",
        },
        _ => throw new ArgumentOutOfRangeException(nameof(result), result, "A result without an outcome."),
    };
}
