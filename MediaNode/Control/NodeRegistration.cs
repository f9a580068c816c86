using System.Threading.Channels;
using Grpc.Core;
using Grpc.Net.Client;
using Hype.MediaNode.Hosting;
using Hype.MediaNode.Workers;
using Hype.NodeRegistry.V1;
using Microsoft.Extensions.Options;
using RoomEvent = Hype.MediaNode.Rooms.RoomEvent;

namespace Hype.MediaNode.Control;

/// <summary>
/// Keeps this node known: registers at a gateway, beats, and tells what happens in the rooms, over one stream. A stream that
/// breaks is opened again, to the next gateway, for as long as the process lives: the media goes on meanwhile.
/// </summary>
internal sealed partial class NodeRegistration(
    IOptions<MediaNodeOptions> options, ControlPlane controlPlane, ListeningAddress listening, NodeIdentity identity, NodeLoadMeter load,
    WorkerPool pool, TimeProvider time, IHostApplicationLifetime lifetime, ILogger<NodeRegistration> logger) : BackgroundService
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan LoadInterval = TimeSpan.FromSeconds(1);

    // A gateway that vanishes without a word (power, network) is missed after this much silence.
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(1);

    private const uint ShortestBeatMs = 10;

    // Events that wait are sent in messages of at most so many.
    private const int EventsPerMessage = 256;

    // Taken from the queue and not known to be written: the next stream begins with it.
    private RoomEvents? _unsent;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // At the first word of stopping, and not when its turn comes: in the embedded mode the server waits for this very stream.
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, lifetime.ApplicationStopping);
        stoppingToken = stopping.Token;
        await StartedAsync(stoppingToken);
        var controlUrl = listening.Of(controlPlane.ListenUrl);
        var gateways = controlPlane.Gateways.Count > 0 ? controlPlane.Gateways : [controlUrl];
        var retry = FirstRetry;
        for (var attempt = 0; !stoppingToken.IsCancellationRequested; attempt++)
        {
            if (await ConnectAsync(gateways[attempt % gateways.Count], controlUrl, stoppingToken))
                retry = FirstRetry;
            await Task.Delay(retry, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            retry = TimeSpan.FromTicks(Math.Min(retry.Ticks * 2, LongestRetry.Ticks));
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

    /// <summary>One stream, until it breaks. True when the gateway had accepted this node.</summary>
    private async Task<bool> ConnectAsync(string gateway, string controlUrl, CancellationToken stoppingToken)
    {
        var accepted = false;
        try
        {
            using var channel = GrpcChannel.ForAddress(gateway, new GrpcChannelOptions { HttpHandler = NewHandler(), DisposeHttpClient = true });
            using var call = new NodeRegistry.V1.NodeRegistry.NodeRegistryClient(channel).Connect(cancellationToken: stoppingToken);
            await call.RequestStream.WriteAsync(new NodeMessage { Register = Registration(controlUrl) }, stoppingToken);
            var answer = await call.ResponseStream.MoveNext(stoppingToken) ? call.ResponseStream.Current : new RegistryMessage();
            accepted = answer.BodyCase == RegistryMessage.BodyOneofCase.Registered;
            if (accepted)
            {
                LogRegistered(gateway);
                await ServeAsync(call, answer.Registered, stoppingToken);
            }
            else if (answer.BodyCase == RegistryMessage.BodyOneofCase.Refused)
                LogRefused(gateway, answer.Refused.Reason);
        }
        catch (Exception) when (stoppingToken.IsCancellationRequested)
        {
            // The way a stream ends when this process does.
        }
        catch (Exception error)
        {
            // Whatever a gateway does to its stream, the media goes on and the next one is tried.
            LogStreamBroke(gateway, error is RpcException rpc ? rpc.Status.Detail : error.Message);
        }
        return accepted;
    }

    /// <summary>Beats until either side ends the stream.</summary>
    private async Task ServeAsync(AsyncDuplexStreamingCall<NodeMessage, RegistryMessage> call, Registered registered, CancellationToken stoppingToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        var beatInterval = TimeSpan.FromMilliseconds(Math.Max(registered.BeatIntervalMs, ShortestBeatMs));
        var writing = WriteAsync(call.RequestStream, beatInterval, over.Token);
        var reading = ReadAsync(call.ResponseStream, over.Token);
        var first = await Task.WhenAny(writing, reading);
        await over.CancelAsync();
        await Task.WhenAll(writing, reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        // What ended the stream is in the first; the other was only cancelled.
        await first;
    }

    private static async Task ReadAsync(IAsyncStreamReader<RegistryMessage> stream, CancellationToken stopping)
    {
        // `register_again` is answered by ending the stream: the next one begins with `register`.
        while (await stream.MoveNext(stopping) && stream.Current.BodyCase == RegistryMessage.BodyOneofCase.Registered)
        {
        }
    }

    // Beats and events share one stream and one writer: gRPC allows one write at a time.
    private async Task WriteAsync(IClientStreamWriter<NodeMessage> stream, TimeSpan beatInterval, CancellationToken stopping)
    {
        using var beats = new PeriodicTimer(beatInterval, time);
        var beat = beats.WaitForNextTickAsync(stopping).AsTask();
        var events = pool.Events.WaitToReadAsync(stopping).AsTask();
        var loadAt = time.GetTimestamp();
        if (_unsent is not null)
            await SendEventsAsync(stream, stopping);
        while (true)
        {
            await Task.WhenAny(beat, events);
            if (events.IsCompleted)
            {
                await events;
                _unsent = TakeEvents(pool.Events);
                await SendEventsAsync(stream, stopping);
                events = pool.Events.WaitToReadAsync(stopping).AsTask();
            }
            if (beat.IsCompleted)
            {
                await beat;
                var message = new Beat();
                // The beat next to the second, early or late: a timer is never exact.
                if (time.GetElapsedTime(loadAt) >= LoadInterval - beatInterval / 2)
                {
                    message.Load = load.Measure();
                    loadAt = time.GetTimestamp();
                }
                await stream.WriteAsync(new NodeMessage { Beat = message }, stopping);
                beat = beats.WaitForNextTickAsync(stopping).AsTask();
            }
        }
    }

    private async Task SendEventsAsync(IClientStreamWriter<NodeMessage> stream, CancellationToken stopping)
    {
        await stream.WriteAsync(new NodeMessage { Events = _unsent }, stopping);
        _unsent = null;
    }

    private static SocketsHttpHandler NewHandler() => new()
    {
        ConnectTimeout = KeepAlive,
        KeepAlivePingDelay = KeepAlive,
        KeepAlivePingTimeout = KeepAlive,
    };

    private static RoomEvents TakeEvents(ChannelReader<RoomEvent> events)
    {
        var message = new RoomEvents();
        while (message.Events.Count < EventsPerMessage && events.TryRead(out var happened))
            message.Events.Add(RoomEventMessages.ToMessage(happened));
        return message;
    }

    private Register Registration(string controlUrl) => new()
    {
        NodeId = identity.NodeId,
        Incarnation = identity.Incarnation.ToString(),
        Region = options.Value.Region,
        ControlUrl = controlUrl,
        Version = typeof(NodeRegistration).Assembly.GetName().Version!.ToString(3),
        Workers = (uint)pool.Workers.Count,
        JoinSecret = controlPlane.JoinSecret,
    };

    [LoggerMessage(Level = LogLevel.Information, Message = "Registered at {Gateway}")]
    private partial void LogRegistered(string gateway);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Gateway} refused this node: {Reason}")]
    private partial void LogRefused(string gateway, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The stream to {Gateway} broke: {Reason}")]
    private partial void LogStreamBroke(string gateway, string reason);
}
