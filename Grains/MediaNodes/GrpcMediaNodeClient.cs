using System.Diagnostics;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Diagnostics;
using Hype.MediaNode.Orders.V1;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using DtlsIdentity = Hype.Grains.Abstractions.MediaNodes.DtlsIdentity;
using ListedEndpoint = Hype.Grains.Abstractions.MediaNodes.ListedEndpoint;
using TransportTicket = Hype.Grains.Abstractions.MediaNodes.TransportTicket;

namespace Hype.Grains.MediaNodes;

/// <summary>One HTTP/2 connection to one node. Every call has a deadline; a status code becomes the error that says what to do next.</summary>
internal sealed partial class GrpcMediaNodeClient(string controlUrl, string controlToken, TimeSpan commandTimeout, GrainMetrics metrics, ILogger<GrpcMediaNodeClient> logger) : IMediaNodeClient
{
    private readonly GrpcChannel _connection = GrpcChannel.ForAddress(controlUrl, new GrpcChannelOptions { DisposeHttpClient = true, HttpHandler = Handler() });
    private readonly Metadata _credentials = new() { { "authorization", $"Bearer {controlToken}" } };
    private readonly ILogger<GrpcMediaNodeClient> _logger = logger;

    public async Task<OpenedRoom> OpenRoomAsync(ChannelId channel, RoomEpoch epoch, int slots, DtlsIdentity identity)
    {
        OpenRoomReply? reply = null;
        var error = await TryAsync(nameof(OpenRoomAsync), async (node, options) => reply = await node.OpenRoomAsync(
            new OpenRoomRequest
            {
                Room = Key(channel, epoch),
                Slots = (uint)slots,
                Identity = new() { Certificate = ByteString.CopyFrom(identity.Certificate), PrivateKey = ByteString.CopyFrom(identity.PrivateKey) },
            },
            options));
        return reply is null ? new OpenedRoom { Error = error } : new OpenedRoom
        {
            Candidates = [.. reply.Candidates.Select(candidate => new NodeCandidate(candidate.Address, (int)candidate.Port))],
            Fingerprint = reply.Fingerprint,
        };
    }

    public Task<VoiceError> CloseRoomAsync(ChannelId channel, RoomEpoch epoch) => TryAsync(nameof(CloseRoomAsync), async (node, options) =>
        await node.CloseRoomAsync(new CloseRoomRequest { Room = Key(channel, epoch) }, options));

    public Task<VoiceError> AddEndpointAsync(EndpointSpec endpoint) => TryAsync(nameof(AddEndpointAsync), async (node, options) =>
        await node.AddEndpointAsync(
            new AddEndpointRequest
            {
                Room = Key(endpoint.Channel, endpoint.Epoch),
                Number = endpoint.Number.Value,
                IceUfrag = endpoint.IceUfrag,
                IcePwd = endpoint.IcePwd,
                SlotSsrcs = { endpoint.SlotSsrcs.Select(ssrc => ssrc.Value) },
                CanSpeak = endpoint.CanSpeak,
                CanListen = endpoint.CanListen,
                Portable = endpoint.Portable,
                Ticket = ByteString.CopyFrom(endpoint.Ticket?.Sealed ?? []),
            },
            options));

    public Task<VoiceError> AcceptAnswerAsync(ChannelId channel, RoomEpoch epoch, MemberNumber number, SfuAnswer answer) => TryAsync(nameof(AcceptAnswerAsync), async (node, options) =>
        await node.AcceptAnswerAsync(
            new AcceptAnswerRequest
            {
                Room = Key(channel, epoch),
                Number = number.Value,
                IceUfrag = answer.IceUfrag,
                IcePwd = answer.IcePwd,
                FingerprintAlgorithm = answer.FingerprintAlgorithm,
                Fingerprint = ByteString.CopyFrom(answer.Fingerprint),
            },
            options));

    public Task<VoiceError> UpdateEndpointAsync(ChannelId channel, RoomEpoch epoch, MemberNumber number, bool canSpeak, bool canListen) =>
        TryAsync(nameof(UpdateEndpointAsync), async (node, options) => await node.UpdateEndpointAsync(
            new UpdateEndpointRequest { Room = Key(channel, epoch), Number = number.Value, CanSpeak = canSpeak, CanListen = canListen }, options));

    public Task<VoiceError> RemoveEndpointAsync(ChannelId channel, RoomEpoch epoch, MemberNumber number) => TryAsync(nameof(RemoveEndpointAsync), async (node, options) =>
        await node.RemoveEndpointAsync(new RemoveEndpointRequest { Room = Key(channel, epoch), Number = number.Value }, options));

    public Task<VoiceError> RestartIceAsync(ChannelId channel, RoomEpoch epoch, MemberNumber number, string iceUfrag, string icePwd) =>
        TryAsync(nameof(RestartIceAsync), async (node, options) => await node.RestartIceAsync(
            new RestartIceRequest { Room = Key(channel, epoch), Number = number.Value, IceUfrag = iceUfrag, IcePwd = icePwd }, options));

    public async Task<ReleasedEndpoint> ReleaseEndpointAsync(ChannelId channel, RoomEpoch epoch, MemberNumber number)
    {
        ReleaseEndpointReply? reply = null;
        var error = await TryAsync(nameof(ReleaseEndpointAsync), async (node, options) =>
            reply = await node.ReleaseEndpointAsync(new ReleaseEndpointRequest { Room = Key(channel, epoch), Number = number.Value }, options));
        return new ReleasedEndpoint(error, Read(reply?.Ticket));
    }

    public async Task<ListedEndpoints> ListEndpointsAsync(ChannelId channel, RoomEpoch epoch)
    {
        ListEndpointsReply? reply = null;
        var error = await TryAsync(nameof(ListEndpointsAsync), async (node, options) =>
            reply = await node.ListEndpointsAsync(new ListEndpointsRequest { Room = Key(channel, epoch) }, options));
        return reply is null
            ? ListedEndpoints.Failed(error)
            : new ListedEndpoints(error, [.. reply.Endpoints.Select(endpoint => new ListedEndpoint(new(endpoint.Number), Read(endpoint.Ticket)))], [.. reply.Links]) { Slots = [.. reply.Slots.Select(number => new MemberNumber(number))] };
    }

    public Task<VoiceError> AddLinkAsync(LinkSpec link) => TryAsync(nameof(AddLinkAsync), async (node, options) => await node.AddLinkAsync(
        new AddLinkRequest
        {
            Room = Key(link.Channel, link.Epoch),
            Link = link.Link,
            RemoteAddress = link.Remote.Address,
            RemotePort = (uint)link.Remote.Port,
            SendKey = ByteString.CopyFrom(link.SendKey),
            ReceiveKey = ByteString.CopyFrom(link.ReceiveKey),
            SendSsrcs = { link.SendSsrcs.Select(ssrc => ssrc.Value) },
            ReceiveSsrcs = { link.ReceiveSsrcs.Select(ssrc => ssrc.Value) },
        },
        options));

    public Task<VoiceError> RemoveLinkAsync(ChannelId channel, RoomEpoch epoch, string link) => TryAsync(nameof(RemoveLinkAsync), async (node, options) =>
        await node.RemoveLinkAsync(new RemoveLinkRequest { Room = Key(channel, epoch), Link = link }, options));

    public async Task<(VoiceError Error, bool Drains)> DrainAsync(bool draining)
    {
        DrainReply? reply = null;
        var error = await TryAsync(nameof(DrainAsync), async (node, options) => reply = await node.DrainAsync(new DrainRequest { Draining = draining }, options));
        return (error, reply?.Draining ?? false);
    }

    public async Task<ProbeResult> ProbeAsync(Guid incarnation, TimeSpan timeout)
    {
        try
        {
            var reply = await Node.ProbeAsync(new ProbeRequest(), new CallOptions(_credentials, DateTime.UtcNow + timeout));
            return Guid.TryParse(reply.Incarnation, out var answers) && answers == incarnation ? ProbeResult.Alive : ProbeResult.Gone;
        }
        catch (RpcException exception)
        {
            LogFailed(exception, nameof(ProbeAsync), controlUrl);
            return exception.StatusCode == StatusCode.DeadlineExceeded ? ProbeResult.Silent : ProbeResult.Gone;
        }
    }

    public void Dispose() => _connection.Dispose();

    /// <summary>What a status of <c>media_node.proto</c> means to the channel.</summary>
    internal static VoiceError ErrorOf(StatusCode status) => status switch
    {
        StatusCode.OK => VoiceError.None,
        StatusCode.NotFound => VoiceError.UnknownRoom,
        StatusCode.FailedPrecondition => VoiceError.StaleEpoch,
        StatusCode.ResourceExhausted => VoiceError.NoMediaNode,
        StatusCode.InvalidArgument => VoiceError.InvalidAnswer,
        StatusCode.Unavailable or StatusCode.DeadlineExceeded or StatusCode.Cancelled => VoiceError.Unavailable,
        _ => VoiceError.Internal,
    };

    private MediaNodeControl.MediaNodeControlClient Node => new(_connection);

    private static RoomKey Key(ChannelId channel, RoomEpoch epoch) => new() { Channel = channel.Value, Epoch = (uint)epoch.Value };

    private static TransportTicket? Read(Hype.MediaNode.Orders.V1.TransportTicket? ticket) => ticket is null
        ? null
        : new TransportTicket(ticket.IceUfrag, [.. ticket.SlotSsrcs.Select(ssrc => new Ssrc(ssrc))], ticket.Fingerprint, (long)ticket.Version, ticket.Sealed.ToByteArray());

    /// <summary>A pooled connection to a node that was killed must not eat the deadline of the first calls to its successor.</summary>
    private static SocketsHttpHandler Handler() => new()
    {
        ConnectTimeout = TimeSpan.FromSeconds(1),
        KeepAlivePingDelay = TimeSpan.FromSeconds(10),
        KeepAlivePingTimeout = TimeSpan.FromSeconds(2),
        EnableMultipleHttp2Connections = true,
        UseProxy = false,
    };

    private async Task<VoiceError> TryAsync(string command, Func<MediaNodeControl.MediaNodeControlClient, CallOptions, Task> call)
    {
        var began = Stopwatch.GetTimestamp();
        var result = VoiceError.Internal;
        try
        {
            await call(Node, new CallOptions(_credentials, DateTime.UtcNow + commandTimeout));
            return result = VoiceError.None;
        }
        catch (RpcException exception)
        {
            LogFailed(exception, command, controlUrl);
            return result = ErrorOf(exception.StatusCode);
        }
        finally
        {
            metrics.Commanded(command[..^"Async".Length], result, Stopwatch.GetElapsedTime(began));
        }
    }

    [LoggerMessage(LogLevel.Debug, "{Command} on {Node} failed")]
    private partial void LogFailed(Exception exception, string command, string node);
}

internal sealed class GrpcMediaNodeClientFactory(IOptions<NodeLeaseOptions> options, GrainMetrics metrics, ILogger<GrpcMediaNodeClient> logger) : IMediaNodeClientFactory
{
    public IMediaNodeClient Connect(string controlUrl, string controlToken) => new GrpcMediaNodeClient(controlUrl, controlToken, options.Value.CommandTimeout, metrics, logger);
}
