using System.Net;
using System.Security.Cryptography;
using Google.Protobuf;
using Grpc.Core;
using Hype.MediaNode.Cascade;
using Hype.MediaNode.Configuration;
using Hype.MediaNode.Dtls;
using Hype.MediaNode.Net;
using Hype.MediaNode.NodeState;
using Hype.MediaNode.Orders.V1;
using Hype.MediaNode.Rooms;
using Hype.MediaNode.Stun;
using Hype.MediaNode.Tickets;
using Hype.MediaNode.Workers;
using Microsoft.Extensions.Options;
using TransportTicket = Hype.MediaNode.Tickets.TransportTicket;

namespace Hype.MediaNode.Orders;

/// <summary>The control plane's orders (<c>media_node.proto</c>), each handed to the worker that has the room.</summary>
internal sealed class MediaNodeService(
    RoomDirectory rooms, WorkerPool pool, DtlsContextCache certificates, NodeIdentity identity, AnnouncedAddresses addresses, NodeDrain drain, IOptions<MediaNodeOptions> options)
    : MediaNodeControl.MediaNodeControlBase
{
    private const uint MaxSlots = 32;

    public override async Task<OpenRoomReply> OpenRoom(OpenRoomRequest request, ServerCallContext context)
    {
        var key = KeyOf(request.Room);
        Require(request.Slots is >= 1 and <= MaxSlots, $"slots must be 1-{MaxSlots}");
        Require(request.Identity is not null, "identity is missing");
        if (rooms.Find(key) is null)
        {
            RequireStaying();
            RequireSpace();
        }
        DtlsContext dtls;
        try
        {
            dtls = certificates.Get(request.Identity!.Certificate.ToByteArray(), request.Identity.PrivateKey.ToByteArray());
        }
        catch (CryptographicException error)
        {
            throw new RpcException(new Status(StatusCode.InvalidArgument, $"identity: {error.Message}"));
        }
        var room = await OrderAsync(rooms.OpenAsync(key, (int)request.Slots, dtls))
            ?? throw new RpcException(new Status(StatusCode.FailedPrecondition, "a newer epoch of this channel is known"));
        var reply = new OpenRoomReply { Fingerprint = CertificateFingerprint.Write(room.Dtls.Fingerprint) };
        foreach (var address in addresses.List())
            reply.Candidates.Add(new Candidate { Address = address.ToString(), Port = (uint)room.Worker.Port });
        return reply;
    }

    public override async Task<CloseRoomReply> CloseRoom(CloseRoomRequest request, ServerCallContext context)
    {
        await OrderAsync(rooms.CloseAsync(KeyOf(request.Room)));
        return new CloseRoomReply();
    }

    public override async Task<AddEndpointReply> AddEndpoint(AddEndpointRequest request, ServerCallContext context)
    {
        Require(request.Number > 0, "number must be above 0");
        RequireSpace();
        using var ticket = TicketOf(request);
        var spec = (ticket is null ? NewEndpoint(request) : new EndpointSpec(request.Number, ticket, request.CanSpeak, request.CanListen)) with { Portable = request.Portable };
        await RunAsync(KeyOf(request.Room), (worker, key) => worker.AddEndpoint(key, spec));
        return new AddEndpointReply();
    }

    public override async Task<AcceptAnswerReply> AcceptAnswer(AcceptAnswerRequest request, ServerCallContext context)
    {
        var fingerprint = request.Fingerprint.ToByteArray();
        await RunAsync(KeyOf(request.Room), (worker, key) => worker.AcceptAnswer(key, request.Number, request.FingerprintAlgorithm, fingerprint));
        return new AcceptAnswerReply();
    }

    public override async Task<UpdateEndpointReply> UpdateEndpoint(UpdateEndpointRequest request, ServerCallContext context)
    {
        await RunAsync(KeyOf(request.Room), (worker, key) => worker.UpdateEndpoint(key, request.Number, request.CanSpeak, request.CanListen));
        return new UpdateEndpointReply();
    }

    public override async Task<RemoveEndpointReply> RemoveEndpoint(RemoveEndpointRequest request, ServerCallContext context)
    {
        await RunAsync(KeyOf(request.Room), (worker, key) => worker.RemoveEndpoint(key, request.Number));
        return new RemoveEndpointReply();
    }

    public override async Task<RestartIceReply> RestartIce(RestartIceRequest request, ServerCallContext context)
    {
        var credential = CredentialOf(request.IceUfrag, request.IcePwd);
        await RunAsync(KeyOf(request.Room), (worker, key) => worker.RestartIce(key, request.Number, credential));
        return new RestartIceReply();
    }

    public override async Task<ReleaseEndpointReply> ReleaseEndpoint(ReleaseEndpointRequest request, ServerCallContext context)
    {
        var key = KeyOf(request.Room);
        var (result, ticket) = rooms.Find(key) is { } worker
            ? await OrderAsync(worker.Mailbox.PostAsync(() => worker.ReleaseEndpoint(key, request.Number)))
            : (CommandResult.UnknownRoom, null);
        return result == CommandResult.Done ? new ReleaseEndpointReply { Ticket = MessageOf(ticket) } : throw new RpcException(StatusOf(result));
    }

    public override async Task<ListEndpointsReply> ListEndpoints(ListEndpointsRequest request, ServerCallContext context)
    {
        var key = KeyOf(request.Room);
        var (listed, links, slots) = rooms.Find(key) is { } worker
            ? await OrderAsync(worker.Mailbox.PostAsync(() => (worker.ListEndpoints(key), worker.ListLinks(key), worker.ListSlots(key))))
            : (null, [], []);
        if (listed is null)
            throw new RpcException(StatusOf(CommandResult.UnknownRoom));
        return new ListEndpointsReply
        {
            Endpoints = { listed.Select(each => new ListedEndpoint { Number = each.Number, Ticket = MessageOf(each.Ticket) }) },
            Links = { links },
            Slots = { slots },
        };
    }

    public override async Task<AddLinkReply> AddLink(AddLinkRequest request, ServerCallContext context)
    {
        var key = KeyOf(request.Room);
        var spec = LinkSpecOf(request);
        await RunAsync(key, (worker, key) => worker.AddLink(key, spec));
        return new AddLinkReply();
    }

    public override async Task<RemoveLinkReply> RemoveLink(RemoveLinkRequest request, ServerCallContext context)
    {
        var key = KeyOf(request.Room);
        RequireLinkName(request.Link);
        if (rooms.Find(key) is { } worker)
            await OrderAsync(worker.Mailbox.PostAsync(() => worker.RemoveLink(key, request.Link)));
        return new RemoveLinkReply();
    }

    public override Task<DrainReply> Drain(DrainRequest request, ServerCallContext context)
    {
        drain.Order(request.Draining);
        return Task.FromResult(new DrainReply { Draining = drain.IsDraining });
    }

    public override Task<ProbeReply> Probe(ProbeRequest request, ServerCallContext context) =>
        Task.FromResult(new ProbeReply { NodeId = identity.NodeId, Incarnation = identity.Incarnation.ToString() });

    private static Rooms.RoomKey KeyOf(V1.RoomKey? key)
    {
        Require(key is { Channel.Length: >= 1 and <= 64 }, "room.channel must have 1-64 characters");
        return new Rooms.RoomKey(key!.Channel, key.Epoch);
    }

    private static LinkSpec LinkSpecOf(AddLinkRequest request)
    {
        RequireLinkName(request.Link);
        Require(
            IPAddress.TryParse(request.RemoteAddress, out var address) && !address.Equals(IPAddress.Any) && !address.Equals(IPAddress.IPv6Any),
            "remote_address must be the IP address of a machine");
        Require(request.RemotePort is >= 1 and <= ushort.MaxValue, "remote_port must be 1-65535");
        Require(request.SendKey.Length == LinkSpec.KeyLength, $"send_key must have {LinkSpec.KeyLength} bytes");
        Require(request.ReceiveKey.Length == LinkSpec.KeyLength, $"receive_key must have {LinkSpec.KeyLength} bytes");
        Require(!request.SendKey.Equals(request.ReceiveKey), "send_key and receive_key must differ");
        Require(request.SendSsrcs.Distinct().Count() == request.SendSsrcs.Count, "send_ssrcs must differ");
        Require(request.ReceiveSsrcs.Distinct().Count() == request.ReceiveSsrcs.Count, "receive_ssrcs must differ");
        return new LinkSpec(
            request.Link, TransportAddress.From(new IPEndPoint(address!, (int)request.RemotePort)),
            request.SendKey.ToByteArray(), request.ReceiveKey.ToByteArray(), [.. request.SendSsrcs], [.. request.ReceiveSsrcs]);
    }

    private static void RequireLinkName(string link) => Require(link.Length is >= 1 and <= 64, "link must have 1-64 characters");

    private static void Require(bool holds, string sentence)
    {
        if (!holds)
            throw new RpcException(new Status(StatusCode.InvalidArgument, sentence));
    }

    private void RequireStaying()
    {
        if (drain.IsDraining)
            throw new RpcException(new Status(StatusCode.ResourceExhausted, "this node is draining and takes no new rooms"));
    }

    private static EndpointSpec NewEndpoint(AddEndpointRequest request)
    {
        var credential = CredentialOf(request.IceUfrag, request.IcePwd);
        Require(request.SlotSsrcs.Distinct().Count() == request.SlotSsrcs.Count, "slot_ssrcs must differ");
        return new EndpointSpec(request.Number, credential.Ufrag, credential.Pwd, [.. request.SlotSsrcs], request.CanSpeak, request.CanListen);
    }

    private static TransportTicket? TicketOf(AddEndpointRequest request)
    {
        if (request.Ticket.IsEmpty)
            return null;
        Require(request.IceUfrag.Length + request.IcePwd.Length + request.SlotSsrcs.Count == 0, "ice_ufrag, ice_pwd and slot_ssrcs are the ticket's and must be empty");
        var ticket = TransportTickets.TryUnseal(request.Ticket.Span, out var refusal);
        Require(ticket is not null, $"ticket cannot be used: {refusal}");
        return ticket;
    }

    private static IceCredential CredentialOf(string ufrag, string pwd)
    {
        Require(IceChars.IsValid(ufrag, 4), "ice_ufrag must be 4-256 ice-chars");
        Require(IceChars.IsValid(pwd, 22), "ice_pwd must be 22-256 ice-chars");
        return new IceCredential(IceChars.ToBytes(ufrag), IceChars.ToBytes(pwd));
    }

    private static V1.TransportTicket? MessageOf(IssuedTicket? ticket) => ticket is null ? null : new V1.TransportTicket
    {
        IceUfrag = ticket.IceUfrag,
        SlotSsrcs = { ticket.SlotSsrcs },
        Fingerprint = ticket.Fingerprint,
        Version = ticket.Version,
        Sealed = ByteString.CopyFrom(ticket.Sealed),
    };

    private void RequireSpace()
    {
        if (pool.Endpoints >= options.Value.MaxEndpoints)
            throw new RpcException(new Status(StatusCode.ResourceExhausted, $"this node has {options.Value.MaxEndpoints} endpoints, which is all it takes"));
    }

    private static async Task<T> OrderAsync<T>(Task<T> order)
    {
        await OrderAsync((Task)order);
        return await order;
    }

    // A worker that stops takes no orders any more; the control plane then looks for another node.
    private static async Task OrderAsync(Task order)
    {
        try
        {
            await order;
        }
        catch (ObjectDisposedException)
        {
            throw new RpcException(new Status(StatusCode.Unavailable, "this node is stopping"));
        }
    }

    private async Task RunAsync(Rooms.RoomKey key, Func<MediaWorker, Rooms.RoomKey, CommandResult> command)
    {
        var worker = rooms.Find(key);
        var result = worker is null ? CommandResult.UnknownRoom : await OrderAsync(worker.Mailbox.PostAsync(() => command(worker, key)));
        if (result != CommandResult.Done)
            throw new RpcException(StatusOf(result));
    }

    private static Status StatusOf(CommandResult result) => result switch
    {
        CommandResult.UnknownRoom => new(StatusCode.NotFound, "this node has no such room"),
        CommandResult.UnknownEndpoint => new(StatusCode.NotFound, "the room has no endpoint of this number"),
        CommandResult.AlreadyThere => new(StatusCode.AlreadyExists, "the participant has an endpoint, or the ufrag is another's"),
        CommandResult.Full => new(StatusCode.ResourceExhausted, "the room's worker has as many endpoints as it takes"),
        CommandResult.WrongSlots => new(StatusCode.InvalidArgument, "slot_ssrcs must be as many as the room has slots"),
        CommandResult.WrongLinkSlots => new(StatusCode.InvalidArgument, "send_ssrcs and receive_ssrcs must each be as many as the room has slots"),
        CommandResult.LinkAlreadyThere => new(StatusCode.AlreadyExists, "the room has, or had, a link of this name: a new link has a new name and new keys"),
        CommandResult.LinkSsrcTaken => new(StatusCode.AlreadyExists, "another link receives by one of these receive_ssrcs"),
        _ => new(StatusCode.InvalidArgument, "the fingerprint must be sha-256, sha-384 or sha-512 of its length"),
    };
}
