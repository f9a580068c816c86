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

    // Events that wait are sent in messages of at most so many.
    private const int EventsPerMessage = 256;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await StartedAsync(stoppingToken);
        var controlUrl = listening.Of(controlPlane.ListenUrl);
        var gateways = controlPlane.Gateways.Count > 0 ? controlPlane.Gateways : [controlUrl];
        var retry = FirstRetry;
        for (var attempt = 0; !stoppingToken.IsCancellationRequested; attempt++)
        {
            var gateway = gateways[attempt % gateways.Count];
            try
            {
                if (await ConnectAsync(gateway, controlUrl, stoppingToken))
                    retry = FirstRetry;
            }
            catch (RpcException error) when (!stoppingToken.IsCancellationRequested)
            {
                LogStreamBroke(gateway, error.Status.Detail);
            }
            catch (Exception) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
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
        using var channel = GrpcChannel.ForAddress(gateway);
        using var broken = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        using var call = new NodeRegistry.V1.NodeRegistry.NodeRegistryClient(channel).Connect(cancellationToken: broken.Token);
        await call.RequestStream.WriteAsync(new NodeMessage { Register = Registration(controlUrl) }, broken.Token);

        if (!await call.ResponseStream.MoveNext(broken.Token))
            return false;
        if (call.ResponseStream.Current.BodyCase == RegistryMessage.BodyOneofCase.Refused)
        {
            LogRefused(gateway, call.ResponseStream.Current.Refused.Reason);
            return false;
        }
        LogRegistered(gateway);

        var beatInterval = TimeSpan.FromMilliseconds(call.ResponseStream.Current.Registered.BeatIntervalMs);
        var writing = WriteAsync(call.RequestStream, beatInterval, broken.Token);
        try
        {
            while (await call.ResponseStream.MoveNext(broken.Token))
            {
                // Answered by ending the stream: the next one begins with `register`.
                if (call.ResponseStream.Current.BodyCase != RegistryMessage.BodyOneofCase.Registered)
                    break;
            }
        }
        finally
        {
            await broken.CancelAsync();
            await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        return true;
    }

    // Beats and events share one stream and one writer: gRPC allows one write at a time.
    private async Task WriteAsync(IClientStreamWriter<NodeMessage> stream, TimeSpan beatInterval, CancellationToken stopping)
    {
        using var beats = new PeriodicTimer(beatInterval, time);
        var beat = beats.WaitForNextTickAsync(stopping).AsTask();
        var events = pool.Events.WaitToReadAsync(stopping).AsTask();
        var loadAt = time.GetTimestamp();
        while (true)
        {
            await Task.WhenAny(beat, events);
            if (events.IsCompleted)
            {
                await events;
                await stream.WriteAsync(new NodeMessage { Events = TakeEvents(pool.Events) }, stopping);
                events = pool.Events.WaitToReadAsync(stopping).AsTask();
            }
            if (beat.IsCompleted)
            {
                await beat;
                var message = new Beat();
                if (time.GetElapsedTime(loadAt) >= LoadInterval)
                {
                    message.Load = load.Measure();
                    loadAt = time.GetTimestamp();
                }
                await stream.WriteAsync(new NodeMessage { Beat = message }, stopping);
                beat = beats.WaitForNextTickAsync(stopping).AsTask();
            }
        }
    }

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
