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
            var key = OrderChecks.KeyOf(order.Room);
            return await (order.BodyCase switch
            {
                Proto.NodeOrder.BodyOneofCase.OpenRoom => OpenRoomAsync(key, order.OpenRoom),
                Proto.NodeOrder.BodyOneofCase.CloseRoom => CloseRoomAsync(key),
                Proto.NodeOrder.BodyOneofCase.AddEndpoint => AddEndpointAsync(key, order.AddEndpoint),
                Proto.NodeOrder.BodyOneofCase.AcceptAnswer => AcceptAnswerAsync(key, order.AcceptAnswer),
                Proto.NodeOrder.BodyOneofCase.UpdateEndpoint => UpdateEndpointAsync(key, order.UpdateEndpoint),
                Proto.NodeOrder.BodyOneofCase.RemoveEndpoint => RemoveEndpointAsync(key, order.RemoveEndpoint),
                Proto.NodeOrder.BodyOneofCase.RestartIce => RestartIceAsync(key, order.RestartIce),
                Proto.NodeOrder.BodyOneofCase.ReleaseEndpoint => ReleaseEndpointAsync(key, order.ReleaseEndpoint),
                Proto.NodeOrder.BodyOneofCase.ListEndpoints => ListEndpointsAsync(key),
                Proto.NodeOrder.BodyOneofCase.AddLink => AddLinkAsync(key, order.AddLink),
                Proto.NodeOrder.BodyOneofCase.RemoveLink => RemoveLinkAsync(key, order.RemoveLink),
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

    private async Task<Proto.Outcome> OpenRoomAsync(RoomKey key, Proto.OpenRoom order)
    {
        OrderChecks.Require(order.Slots is >= 1 and <= OrderChecks.MaxSlots, $"slots must be 1-{OrderChecks.MaxSlots}");
        OrderChecks.Require(order.Identity is not null, "identity is missing");
        if (rooms.Find(key) is null)
        {
            if (drain.IsDraining)
                throw new OrderRefusedException(Proto.OutcomeCode.NoCapacity, "this node is draining and takes no new rooms");
            RequireCapacity();
        }

        var room = await rooms.OpenAsync(key, (int)order.Slots, CertificateOf(order.Identity!))
            ?? throw new OrderRefusedException(Proto.OutcomeCode.StaleEpoch, "a newer epoch of this channel is known");
        var opened = new Proto.OpenedRoom { Fingerprint = CertificateFingerprint.Write(room.Dtls.Fingerprint) };
        foreach (var address in addresses.List())
            opened.Candidates.Add(new Proto.Candidate { Address = address.ToString(), Port = (uint)room.Worker.Port });
        return new Proto.Outcome { Code = Proto.OutcomeCode.Done, OpenedRoom = opened };
    }

    private async Task<Proto.Outcome> CloseRoomAsync(RoomKey key)
    {
        await rooms.CloseAsync(key);
        return Done;
    }

    private async Task<Proto.Outcome> AddEndpointAsync(RoomKey key, Proto.AddEndpoint order)
    {
        OrderChecks.Require(order.Number > 0, "number must be above 0");
        RequireCapacity();
        using var ticket = OrderChecks.TicketOf(order);
        var spec = OrderChecks.EndpointOf(order, ticket);
        return await RunAsync(key, worker => worker.AddEndpoint(key, spec));
    }

    private Task<Proto.Outcome> AcceptAnswerAsync(RoomKey key, Proto.AcceptAnswer order)
    {
        var client = OrderChecks.CredentialOf(order.IceUfrag, order.IcePwd);
        var fingerprint = order.Fingerprint.ToByteArray();
        return RunAsync(
            key, worker => worker.AcceptAnswer(key, new MemberNumber(order.Number), client, order.FingerprintAlgorithm, fingerprint));
    }

    private Task<Proto.Outcome> UpdateEndpointAsync(RoomKey key, Proto.UpdateEndpoint order) =>
        RunAsync(key, worker => worker.UpdateEndpoint(key, new MemberNumber(order.Number), order.CanSpeak, order.CanListen));

    private async Task<Proto.Outcome> RemoveEndpointAsync(RoomKey key, Proto.RemoveEndpoint order)
    {
        if (rooms.Find(key) is { } worker)
            await worker.Mailbox.PostAsync(() => worker.RemoveEndpoint(key, new MemberNumber(order.Number)));
        return Done;
    }

    private Task<Proto.Outcome> RestartIceAsync(RoomKey key, Proto.RestartIce order)
    {
        var credential = OrderChecks.CredentialOf(order.IceUfrag, order.IcePwd);
        return RunAsync(key, worker => worker.RestartIce(key, new MemberNumber(order.Number), credential));
    }

    private async Task<Proto.Outcome> ReleaseEndpointAsync(RoomKey key, Proto.ReleaseEndpoint order)
    {
        OrderChecks.Require(order.HandOver != 0, "hand_over is missing");
        var worker = Find(key);
        var (result, ticket) =
            await worker.Mailbox.PostAsync(() => worker.ReleaseEndpoint(key, new MemberNumber(order.Number), order.HandOver));
        return result == CommandResult.Done
            ? new Proto.Outcome { Code = Proto.OutcomeCode.Done, ReleasedEndpoint = new() { Ticket = MessageOf(ticket) } }
            : OutcomeOf(result);
    }

    private async Task<Proto.Outcome> ListEndpointsAsync(RoomKey key)
    {
        var worker = Find(key);
        var (endpoints, links, slots) =
            await worker.Mailbox.PostAsync(() => (worker.ListEndpoints(key), worker.ListLinks(key), worker.ListSlots(key)));
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

    private Task<Proto.Outcome> AddLinkAsync(RoomKey key, Proto.AddLink order)
    {
        var spec = OrderChecks.LinkOf(order);
        return RunAsync(key, worker => worker.AddLink(key, spec));
    }

    private async Task<Proto.Outcome> RemoveLinkAsync(RoomKey key, Proto.RemoveLink order)
    {
        OrderChecks.RequireLinkName(order.Link);
        if (rooms.Find(key) is { } worker)
            await worker.Mailbox.PostAsync(() => worker.RemoveLink(key, order.Link));
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

    private MediaWorker Find(RoomKey key) =>
        rooms.Find(key) ?? throw new OrderRefusedException(Proto.OutcomeCode.UnknownRoom, "this node has no such room");

    private async Task<Proto.Outcome> RunAsync(RoomKey key, Func<MediaWorker, CommandResult> command)
    {
        var worker = Find(key);
        return OutcomeOf(await worker.Mailbox.PostAsync(() => command(worker)));
    }

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
