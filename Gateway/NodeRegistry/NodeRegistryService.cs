using System.Security.Cryptography;
using System.Text;
using Grpc.Core;
using Hype.Gateway.Cluster;
using Hype.Grains.Abstractions.MediaNodes;
using Microsoft.Extensions.Options;
using Proto = Hype.NodeRegistry.V1;

namespace Hype.Gateway.NodeRegistry;

/// <summary>
/// Serves <c>node_registry.proto</c> to media nodes, one stream per node (<see cref="NodeStream"/>). The messages go to the node's
/// <see cref="IMediaNodeGrain"/>. The end of a stream, for whatever reason, is a suspicion: the grain probes the node, because this gateway may
/// be the process that is ending.
/// </summary>
internal sealed partial class NodeRegistryService(
    GrainAccess grains, IOptions<NodeRegistryOptions> options, IHostApplicationLifetime lifetime, NodeStreamMetrics metrics, ILogger<NodeRegistryService> logger)
    : Proto.NodeRegistry.NodeRegistryBase
{
    private readonly byte[] _secret = Hash(options.Value.JoinSecret);

    public override async Task Connect(IAsyncStreamReader<Proto.NodeMessage> requests, IServerStreamWriter<Proto.RegistryMessage> responses, ServerCallContext context)
    {
        var stream = new NodeStream(grains, KnowsSecret, options.Value.HeartbeatInterval, responses);
        // A stopping server waits for its streams, and this one does not end by itself.
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopping);
        var registered = false;
        try
        {
            // Before the first call to a grain: the node sees that this gateway is alive, even if the grains are slow.
            await context.WriteResponseHeadersAsync([]);
            while (await requests.MoveNext(ending.Token))
            {
                var registeredAlready = stream.Node is not null;
                var last = await stream.ReceiveAsync(requests.Current);
                if (!registeredAlready && last is null)
                {
                    registered = true;
                    metrics.Registered();
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
        catch (Exception exception) when (exception is IOException or OperationCanceledException || context.CancellationToken.IsCancellationRequested)
        {
            // The stream broke. The suspicion below handles it.
        }
        catch (Exception exception) when (exception is not RpcException)
        {
            // The grains do not answer. The node opens another stream, to a gateway that may reach them.
            LogFailed(stream.Node?.Node.Value ?? context.Peer, exception);
            throw new RpcException(new Status(StatusCode.Unavailable, "The control plane does not answer: connect again."));
        }
        finally
        {
            if (registered)
                metrics.Ended();
            // When this gateway stops, the node is alive and connects to another one; its lease ends if it is not.
            if (stream.Node is { } node && !lifetime.ApplicationStopping.IsCancellationRequested)
                await SuspectAsync(node);
        }
    }

    // Hashed first, so that the comparison takes the same time for all lengths.
    private bool KnowsSecret(string secret) => CryptographicOperations.FixedTimeEquals(_secret, Hash(secret));

    private async Task SuspectAsync(NodeRegistration node)
    {
        LogSuspected(node.Node.Value);
        try
        {
            await grains.Ask(grains.MediaNode(node.Node).Suspect(node.Incarnation));
        }
        catch (Exception exception)
        {
            // The lease still ends by itself when no heartbeat renews it.
            LogFailed(node.Node.Value, exception);
        }
    }

    private static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));

    [LoggerMessage(Level = LogLevel.Information, Message = "Media node {Node} registered in region {Region}, control at {ControlUrl}")]
    private partial void LogRegistered(string node, string region, string controlUrl);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Media node {Node} was refused: {Flaw}")]
    private partial void LogRefused(string node, string flaw);

    [LoggerMessage(Level = LogLevel.Information, Message = "The stream of media node {Node} ended")]
    private partial void LogSuspected(string node);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A message of media node {Node} did not reach its grain")]
    private partial void LogFailed(string node, Exception exception);
}
