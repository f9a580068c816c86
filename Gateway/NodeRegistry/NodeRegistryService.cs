using System.Security.Cryptography;
using System.Text;
using Grpc.Core;
using Hype.Gateway.Cluster;
using Hype.Grains.Abstractions.MediaNodes;
using Microsoft.Extensions.Options;
using Proto = Hype.NodeRegistry.V1;

namespace Hype.Gateway.NodeRegistry;

/// <summary>
/// Where media nodes register and beat. One stream per node (<see cref="NodeStream"/>): what it says goes to its
/// <see cref="IMediaNodeGrain"/>, and a stream that ends, however it ends, is a suspicion (this gateway may be the one that is going,
/// so the grain probes).
/// </summary>
internal sealed partial class NodeRegistryService(
    GrainAccess grains, IOptions<NodeRegistryOptions> options, IHostApplicationLifetime lifetime, NodeStreamMetrics metrics, ILogger<NodeRegistryService> logger)
    : Proto.NodeRegistry.NodeRegistryBase
{
    private readonly byte[] _secret = Hash(options.Value.JoinSecret);

    public override async Task Connect(IAsyncStreamReader<Proto.NodeMessage> requests, IServerStreamWriter<Proto.RegistryMessage> responses, ServerCallContext context)
    {
        var stream = new NodeStream(grains, KnowsSecret, options.Value.BeatInterval, responses);
        // A server that stops waits for its streams, and this one has no end of its own.
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopping);
        var registered = false;
        try
        {
            // Before anything is asked of the grains: the node sees that this gateway lives, however long they take.
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
            // The stream broke: what follows is what it means.
        }
        catch (Exception exception) when (exception is not RpcException)
        {
            // The grains do not answer. The node opens another stream, to a gateway that may know better.
            LogFailed(stream.Node?.Node.Value ?? context.Peer, exception);
            throw new RpcException(new Status(StatusCode.Unavailable, "The control plane does not answer: connect again."));
        }
        finally
        {
            if (registered)
                metrics.Ended();
            // When it is this gateway that stops, the node is well and goes to another one; its lease tells if not.
            if (stream.Node is { } node && !lifetime.ApplicationStopping.IsCancellationRequested)
                await SuspectAsync(node);
        }
    }

    // Hashed first, so that the comparison takes the same time whatever the lengths are.
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
            // The lease still ends by itself when no beat renews it.
            LogFailed(node.Node.Value, exception);
        }
    }

    private static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));

    [LoggerMessage(1, LogLevel.Information, "Media node {Node} registered in region {Region}, control at {ControlUrl}")]
    private partial void LogRegistered(string node, string region, string controlUrl);

    [LoggerMessage(2, LogLevel.Warning, "Media node {Node} refused: {Flaw}")]
    private partial void LogRefused(string node, string flaw);

    [LoggerMessage(3, LogLevel.Information, "The stream of media node {Node} ended")]
    private partial void LogSuspected(string node);

    [LoggerMessage(4, LogLevel.Warning, "What media node {Node} said did not reach its grain")]
    private partial void LogFailed(string node, Exception exception);
}
