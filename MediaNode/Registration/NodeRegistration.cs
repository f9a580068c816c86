using Grpc.Core;
using Grpc.Net.Client;
using Hype.NodeRegistry.V1;

namespace Hype.MediaNode.Registration;

/// <summary>
/// Registers this node at a gateway, sends heartbeats and reports room events, all over one gRPC stream. After a stream breaks, it opens a
/// new stream to the next gateway, until the process stops. Media continues meanwhile.
/// </summary>
internal sealed partial class NodeRegistration(
    ControlPlane controlPlane, ListeningAddress listening, NodeDescription description, RegistryStreams streams, Warmup warmup,
    TimeProvider time, IHostApplicationLifetime lifetime, ILogger<NodeRegistration> logger) : BackgroundService
{
    // The acknowledgement timeout with a single gateway, which may be slow. It is far below the time after which a node continues beyond
    // its tickets, because until then the control plane must have noticed its silence (IndexLimit).
    private static readonly TimeSpan SingleGatewayTimeout = TimeSpan.FromSeconds(20);

    // The interval that detects a vanished gateway if it is the only one.
    private static readonly TimeSpan PingInterval = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Ends at the first sign of shutdown, before this service is stopped: in the embedded mode the server waits for this very stream.
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, lifetime.ApplicationStopping);
        stoppingToken = stopping.Token;
        await StartedAsync(stoppingToken);
        var controlUrl = listening.Of(controlPlane.ListenUrl);
        // In the embedded mode there is no other node whose channels could move here, and the whole product waits for this start.
        if (controlPlane.Gateways.Count > 0)
            await warmup.RunAsync(controlUrl, stoppingToken);
        var gateways = controlPlane.Gateways.Count > 0 ? controlPlane.Gateways : [controlUrl];
        var ackTimeout = gateways.Count > 1 ? controlPlane.AckTimeout : SingleGatewayTimeout;
        var retry = new RetryPause();
        for (var attempt = 0; !stoppingToken.IsCancellationRequested; attempt++)
        {
            var pause = retry.After(await ConnectAsync(gateways[attempt % gateways.Count], controlUrl, ackTimeout, stoppingToken));
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

    /// <summary>
    /// Opens a stream to a gateway, registers, and sends heartbeats and events until the stream ends. Returns the reason for the end.
    /// </summary>
    private async Task<StreamEnd> ConnectAsync(string gateway, string controlUrl, TimeSpan ackTimeout, CancellationToken stoppingToken)
    {
        using var sent = streams.NewUnackedMessages(ackTimeout);
        using var silent = CancellationTokenSource.CreateLinkedTokenSource(sent.Overdue, stoppingToken);
        try
        {
            var channelOptions = new GrpcChannelOptions { HttpHandler = NewHandler(), DisposeHttpClient = true };
            using var channel = GrpcChannel.ForAddress(gateway, channelOptions);
            using var call = new NodeRegistry.V1.NodeRegistry.NodeRegistryClient(channel).Connect(cancellationToken: silent.Token);
            var stream = streams.Open(call, sent);
            var registering = stream.RegisterAsync(description.ToMessage(controlUrl), silent.Token);
            // A live gateway sends its headers at once; the time that the grains take for the registration does not count against it.
            await Task.WhenAny(call.ResponseHeadersAsync, registering);
            sent.SuspendTimeout();
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
            // The normal end of a stream when this process stops.
        }
        catch (Exception) when (sent.Overdue.IsCancellationRequested)
        {
            LogStreamBroke(gateway, $"it has not answered for {ackTimeout.TotalSeconds:0.#} s");
        }
        catch (Exception exception)
        {
            // Media continues after any failure of a gateway's stream, and the next gateway is tried.
            LogStreamBroke(gateway, exception is RpcException rpc ? rpc.Status.Detail : exception.Message);
        }

        // A gateway that accepts a node and acknowledges nothing is not tried again without a pause.
        return sent.Acknowledged > 1 ? StreamEnd.Served : StreamEnd.Broken;
    }

    private SocketsHttpHandler NewHandler() => new()
    {
        ConnectTimeout = controlPlane.AckTimeout,
        KeepAlivePingDelay = PingInterval,
        KeepAlivePingTimeout = PingInterval,
    };

    [LoggerMessage(Level = LogLevel.Information, Message = "Registered at {Gateway}")]
    private partial void LogRegistered(string gateway);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Gateway {Gateway} refused this node: {Reason}")]
    private partial void LogRefused(string gateway, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The stream to {Gateway} broke: {Reason}")]
    private partial void LogStreamBroke(string gateway, string reason);
}
