using Grpc.Core;
using Grpc.Net.Client;
using Hype.MediaNode.Configuration;
using Hype.MediaNode.NodeState;
using Hype.MediaNode.Orders;
using Hype.MediaNode.Tickets;
using Hype.MediaNode.Workers;
using Hype.NodeRegistry.V1;
using Microsoft.Extensions.Options;

namespace Hype.MediaNode.Registration;

/// <summary>
/// Keeps this node known: registers at a gateway, beats, and tells what happens in the rooms, over one stream. A stream that
/// breaks is opened again, to the next gateway, for as long as the process lives: the media goes on meanwhile.
/// </summary>
internal sealed partial class NodeRegistration(
    IOptions<MediaNodeOptions> options, ControlPlane controlPlane, ListeningAddress listening, NodeIdentity identity, NodeLoadMeter load, NodeDrain drain,
    WorkerPool pool, RoomDirectory rooms, RoomEventQueue events, ControlContact contact, Rehearsal rehearsal, TimeProvider time, IHostApplicationLifetime lifetime,
    ILogger<NodeRegistration> logger) : BackgroundService
{
    /// <summary>What a registration has room for (node_registry.proto; gRPC's 4 MiB); a room beyond it is renewed by its channel, or closed by nobody.</summary>
    private const int MaxRooms = 32_768;

    // With the only gateway, which may have a moment: but far below the time after which a node goes on beyond its tickets, as until then
    // the control plane must have heard that it was silent (IndexLimit).
    private static readonly TimeSpan LonePatience = TimeSpan.FromSeconds(20);

    // How a vanished gateway is missed when it is the only one.
    private static readonly TimeSpan PingInterval = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // At the first word of stopping, and not when its turn comes: in the embedded mode the server waits for this very stream.
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, lifetime.ApplicationStopping);
        stoppingToken = stopping.Token;
        await StartedAsync(stoppingToken);
        var controlUrl = listening.Of(controlPlane.ListenUrl);
        // Embedded there is no other node whose channels would come here in a hurry, and the whole product waits for this start.
        if (controlPlane.Gateways.Count > 0)
            await rehearsal.RunAsync(controlUrl, stoppingToken);
        var gateways = controlPlane.Gateways.Count > 0 ? controlPlane.Gateways : [controlUrl];
        var patience = gateways.Count > 1 ? controlPlane.Patience : LonePatience;
        var retry = new RetryPause();
        for (var attempt = 0; !stoppingToken.IsCancellationRequested; attempt++)
        {
            var pause = retry.After(await ConnectAsync(gateways[attempt % gateways.Count], controlUrl, patience, stoppingToken));
            if (pause > TimeSpan.Zero)
                await Task.Delay(pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // The node's own address is known only when the server listens.
    private async Task StartedAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var onStart = lifetime.ApplicationStarted.Register(started.SetResult);
        using var onStop = stoppingToken.Register(() => started.TrySetCanceled(stoppingToken));
        await started.Task;
    }

    /// <summary>One stream, until it breaks.</summary>
    private async Task<StreamEnd> ConnectAsync(string gateway, string controlUrl, TimeSpan patience, CancellationToken stoppingToken)
    {
        using var sent = new SentMessages(contact, events, patience);
        using var silent = CancellationTokenSource.CreateLinkedTokenSource(sent.Overdue, stoppingToken);
        try
        {
            using var channel = GrpcChannel.ForAddress(gateway, new GrpcChannelOptions { HttpHandler = NewHandler(), DisposeHttpClient = true });
            using var call = new NodeRegistry.V1.NodeRegistry.NodeRegistryClient(channel).Connect(cancellationToken: silent.Token);
            var stream = new RegistryStream(call, sent, events, load, drain, contact, time);
            var registering = stream.RegisterAsync(Registration(controlUrl), silent.Token);
            // A gateway that lives says so at once; how long the grains take for the registration is not its fault.
            await Task.WhenAny(call.ResponseHeadersAsync, registering);
            sent.Wait();
            var answer = await registering;
            if (answer.BodyCase == RegistryMessage.BodyOneofCase.Registered)
            {
                LogRegistered(gateway);
                await stream.ServeAsync(answer.Registered, silent.Token);
            }
            else if (answer.BodyCase == RegistryMessage.BodyOneofCase.Refused)
            {
                LogRefused(gateway, answer.Refused.Reason);
                return StreamEnd.Refused;
            }
        }
        catch (Exception) when (stoppingToken.IsCancellationRequested)
        {
            // The way a stream ends when this process does.
        }
        catch (Exception) when (sent.Overdue.IsCancellationRequested)
        {
            LogStreamBroke(gateway, $"it has not answered for {patience.TotalSeconds:0.#} s");
        }
        catch (Exception error)
        {
            // Whatever a gateway does to its stream, the media goes on and the next one is tried.
            LogStreamBroke(gateway, error is RpcException rpc ? rpc.Status.Detail : error.Message);
        }
        // One that accepts a node and acknowledges nothing is not asked again without a pause.
        return sent.Kept > 1 ? StreamEnd.Served : StreamEnd.Broken;
    }

    private SocketsHttpHandler NewHandler() => new()
    {
        ConnectTimeout = controlPlane.Patience,
        KeepAlivePingDelay = PingInterval,
        KeepAlivePingTimeout = PingInterval,
    };

    private Register Registration(string controlUrl) => new()
    {
        NodeId = identity.NodeId,
        Incarnation = identity.Incarnation.ToString(),
        Region = options.Value.Region,
        ControlUrl = controlUrl,
        ControlToken = identity.ControlToken,
        Version = typeof(NodeRegistration).Assembly.GetName().Version!.ToString(3),
        Workers = (uint)pool.Workers.Count,
        JoinSecret = controlPlane.JoinSecret,
        HeardForMs = (ulong)contact.FreshFor(contact.Now).TotalMilliseconds,
        Rooms = { rooms.Rooms.Take(MaxRooms).Select(room => new HeldRoom { Channel = room.Channel, Epoch = room.Epoch }) },
    };

    [LoggerMessage(Level = LogLevel.Information, Message = "Registered at {Gateway}")]
    private partial void LogRegistered(string gateway);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Gateway} refused this node: {Reason}")]
    private partial void LogRefused(string gateway, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The stream to {Gateway} broke: {Reason}")]
    private partial void LogStreamBroke(string gateway, string reason);
}
