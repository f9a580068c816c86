using Grpc.Core;
using Hype.Gateway.Cluster;
using Hype.Grains.Abstractions.MediaNodes;
using Microsoft.Extensions.Options;
using Proto = Hype.NodeRegistry.V1;

namespace Hype.Gateway.NodeRegistry;

/// <summary>
/// Receives the registrations and heartbeats of media nodes. Each node has one stream (<see cref="NodeStream"/>), whose messages go to
/// the node's <see cref="IMediaNodeGrain"/>. When a stream ends, for any reason, this service reports the node to the grain as suspect,
/// and the grain probes the node: perhaps this gateway failed and not the node.
/// </summary>
internal sealed partial class NodeRegistryService(
    GrainAccess grains,
    IOptions<NodeRegistryOptions> options,
    IHostApplicationLifetime lifetime,
    NodeStreamMetrics metrics,
    TimeProvider time,
    ILogger<NodeRegistryService> logger)
    : Proto.NodeRegistry.NodeRegistryBase
{
    /// <summary>The time within which a new stream must send its first message, so that an unregistered client holds no stream.</summary>
    public static readonly TimeSpan RegisterDeadline = TimeSpan.FromSeconds(5);

    private readonly NodeCredentials _credentials = new(options.Value);
    private readonly NodeNetworks _networks = new(options.Value);

    public override async Task Connect(
        IAsyncStreamReader<Proto.NodeMessage> requests, IServerStreamWriter<Proto.RegistryMessage> responses, ServerCallContext context)
    {
        var stream = new NodeStream(grains, _credentials.Admits, _networks, options.Value.HeartbeatInterval, responses);
        using var deadline = new CancellationTokenSource(RegisterDeadline, time);
        // A stopping server waits for its streams, and this one has no natural end.
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(
            context.CancellationToken, lifetime.ApplicationStopping, deadline.Token);
        var registered = false;
        try
        {
            // The headers are sent before the first grain call, so that the node sees that this gateway is alive.
            await context.WriteResponseHeadersAsync([]);
            while (await requests.MoveNext(ending.Token))
            {
                deadline.CancelAfter(Timeout.InfiniteTimeSpan);
                var registeredAlready = stream.Node is not null;
                var last = await stream.ReceiveAsync(requests.Current);
                if (!registeredAlready && last is null)
                {
                    registered = true;
                    metrics.StreamOpened();
                    LogRegistered(stream.Node!.Node.Value, stream.Node.Region.Value, stream.Node.ControlUrl);
                }

                if (last is null)
                    continue;
                if (last.Refused is { } refused)
                    LogRefused(stream.Node?.Node.Value ?? context.Peer, refused.Reason);
                await responses.WriteAsync(last);
                return;
            }
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            throw new RpcException(
                new Status(StatusCode.DeadlineExceeded, $"Send register within {RegisterDeadline.TotalSeconds:0} s."));
        }
        catch (Exception exception)
            when (exception is IOException or OperationCanceledException || context.CancellationToken.IsCancellationRequested)
        {
            // The stream broke: the suspicion below reports it.
        }
        catch (Exception exception) when (exception is not RpcException)
        {
            // The grains do not answer. The node opens another stream to the next gateway.
            LogFailed(stream.Node?.Node.Value ?? context.Peer, exception);
            throw new RpcException(new Status(StatusCode.Unavailable, "The control plane does not answer: connect again."));
        }
        finally
        {
            if (registered)
                metrics.StreamEnded();
            // When this gateway stops, the node is healthy and connects to another one; otherwise its lease expires.
            if (stream.Node is { } node && !lifetime.ApplicationStopping.IsCancellationRequested)
                await SuspectAsync(node);
        }
    }

    private async Task SuspectAsync(NodeRegistration node)
    {
        LogStreamEnded(node.Node.Value);
        try
        {
            await grains.Ask(grains.MediaNode(node.Node).Suspect(node.Incarnation));
        }
        catch (Exception exception)
        {
            // Without heartbeats the lease expires anyway.
            LogFailed(node.Node.Value, exception);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Media node {Node} registered in region {Region}, control at {ControlUrl}")]
    private partial void LogRegistered(string node, string region, string controlUrl);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Media node {Node} refused: {Flaw}")]
    private partial void LogRefused(string node, string flaw);

    [LoggerMessage(Level = LogLevel.Information, Message = "The stream of media node {Node} ended")]
    private partial void LogStreamEnded(string node);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Failed to deliver a message of media node {Node} to its grain")]
    private partial void LogFailed(string node, Exception exception);
}
