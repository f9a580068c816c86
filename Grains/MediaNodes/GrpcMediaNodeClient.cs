using System.Collections.Immutable;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Abstractions.MediaNodes;
using Hype.MediaNode.Control.V1;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using DtlsIdentity = Hype.Grains.Abstractions.MediaNodes.DtlsIdentity;

namespace Hype.Grains.MediaNodes;

/// <summary>One HTTP/2 connection to one node. Every call has a deadline; a status code becomes the error that says what to do next.</summary>
internal sealed partial class GrpcMediaNodeClient(string controlUrl, TimeSpan commandTimeout, ILogger<GrpcMediaNodeClient> logger) : IMediaNodeClient
{
    private readonly GrpcChannel _connection = GrpcChannel.ForAddress(controlUrl, new GrpcChannelOptions { DisposeHttpClient = true, HttpHandler = Handler() });
    private readonly ILogger<GrpcMediaNodeClient> _logger = logger;

    public async Task<(VoiceError Error, ImmutableArray<NodeCandidate> Candidates)> OpenRoomAsync(ChannelId channel, int epoch, int slots, DtlsIdentity identity)
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
        return (error, reply is null ? [] : [.. reply.Candidates.Select(candidate => new NodeCandidate(candidate.Protocol, candidate.Address, (int)candidate.Port))]);
    }

    public Task<VoiceError> CloseRoomAsync(ChannelId channel, int epoch) => TryAsync(nameof(CloseRoomAsync), async (node, options) =>
        await node.CloseRoomAsync(new CloseRoomRequest { Room = Key(channel, epoch) }, options));

    public Task<VoiceError> AddEndpointAsync(EndpointSpec endpoint) => TryAsync(nameof(AddEndpointAsync), async (node, options) =>
        await node.AddEndpointAsync(
            new AddEndpointRequest
            {
                Room = Key(endpoint.Channel, endpoint.Epoch),
                Number = endpoint.Number,
                IceUfrag = endpoint.IceUfrag,
                IcePwd = endpoint.IcePwd,
                SlotSsrcs = { endpoint.SlotSsrcs },
                CanSpeak = endpoint.CanSpeak,
                CanListen = endpoint.CanListen,
            },
            options));

    public Task<VoiceError> AcceptAnswerAsync(ChannelId channel, uint number, SfuAnswer answer) => TryAsync(nameof(AcceptAnswerAsync), async (node, options) =>
        await node.AcceptAnswerAsync(
            new AcceptAnswerRequest
            {
                Room = Key(channel, answer.Epoch),
                Number = number,
                IceUfrag = answer.IceUfrag,
                IcePwd = answer.IcePwd,
                FingerprintAlgorithm = answer.FingerprintAlgorithm,
                Fingerprint = ByteString.CopyFrom(answer.Fingerprint),
            },
            options));

    public Task<VoiceError> UpdateEndpointAsync(ChannelId channel, int epoch, uint number, bool canSpeak, bool canListen) =>
        TryAsync(nameof(UpdateEndpointAsync), async (node, options) => await node.UpdateEndpointAsync(
            new UpdateEndpointRequest { Room = Key(channel, epoch), Number = number, CanSpeak = canSpeak, CanListen = canListen }, options));

    public Task<VoiceError> RemoveEndpointAsync(ChannelId channel, int epoch, uint number) => TryAsync(nameof(RemoveEndpointAsync), async (node, options) =>
        await node.RemoveEndpointAsync(new RemoveEndpointRequest { Room = Key(channel, epoch), Number = number }, options));

    public async Task<Guid?> ProbeAsync(TimeSpan timeout)
    {
        try
        {
            var reply = await Node.ProbeAsync(new ProbeRequest(), new CallOptions(deadline: DateTime.UtcNow + timeout));
            return Guid.TryParse(reply.Incarnation, out var incarnation) ? incarnation : null;
        }
        catch (RpcException exception)
        {
            LogFailed(exception, nameof(ProbeAsync), controlUrl);
            return null;
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

    private static RoomKey Key(ChannelId channel, int epoch) => new() { Channel = channel.Value, Epoch = (uint)epoch };

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
        try
        {
            await call(Node, new CallOptions(deadline: DateTime.UtcNow + commandTimeout));
            return VoiceError.None;
        }
        catch (RpcException exception)
        {
            LogFailed(exception, command, controlUrl);
            return ErrorOf(exception.StatusCode);
        }
    }

    [LoggerMessage(LogLevel.Debug, "{Command} on {Node} failed")]
    private partial void LogFailed(Exception exception, string command, string node);
}

internal sealed class GrpcMediaNodeClientFactory(IOptions<NodeLeaseOptions> options, ILogger<GrpcMediaNodeClient> logger) : IMediaNodeClientFactory
{
    public IMediaNodeClient Connect(string controlUrl) => new GrpcMediaNodeClient(controlUrl, options.Value.CommandTimeout, logger);
}
