using System.Security.Cryptography;
using System.Text;
using Grpc.Core;
using Hype.Gateway.Hosting;
using Hype.Grains.Abstractions.MediaNodes;
using Microsoft.Extensions.Options;
using Proto = Hype.NodeRegistry.V1;

namespace Hype.Gateway.NodeRegistry;

/// <summary>
/// Where media nodes register and beat. One stream per node: what it says goes to its <see cref="IMediaNodeGrain"/>, and a
/// stream that ends, however it ends, is a suspicion (this gateway may be the one that is going, so the grain probes).
/// </summary>
internal sealed partial class NodeRegistryService(
    GrainAccess grains, IOptions<NodeRegistryOptions> options, IHostApplicationLifetime lifetime, ILogger<NodeRegistryService> logger)
    : Proto.NodeRegistry.NodeRegistryBase
{
    private readonly byte[] _secret = Hash(options.Value.JoinSecret);

    public override async Task Connect(IAsyncStreamReader<Proto.NodeMessage> requests, IServerStreamWriter<Proto.RegistryMessage> responses, ServerCallContext context)
    {
        NodeRegistration? node = null;
        // A server that stops waits for its streams, and this one has no end of its own.
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopping);
        try
        {
            while (await requests.MoveNext(ending.Token))
            {
                var message = requests.Current;
                var flaw = message.BodyCase switch
                {
                    Proto.NodeMessage.BodyOneofCase.Register => Check(message.Register, node, out node) ?? await RegisterAsync(node!, responses),
                    Proto.NodeMessage.BodyOneofCase.Beat when node is not null => await BeatAsync(node, message.Beat, responses),
                    Proto.NodeMessage.BodyOneofCase.Events when node is not null => await ReportAsync(node, message.Events, responses),
                    _ => "the first message must be register",
                };
                if (flaw is null)
                    continue;
                LogRefused(node?.Node.Value ?? context.Peer, flaw);
                await responses.WriteAsync(new Proto.RegistryMessage { Refused = new Proto.Refused { Reason = flaw } });
                return;
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // The stream broke: what follows is what it means.
        }
        catch (Exception exception) when (exception is not RpcException)
        {
            // The grains do not answer. The node opens another stream, to a gateway that may know better.
            LogFailed(node?.Node.Value ?? context.Peer, exception);
            throw new RpcException(new Status(StatusCode.Unavailable, "The control plane does not answer: connect again."));
        }
        finally
        {
            // When it is this gateway that stops, the node is well and goes to another one; its lease tells if not.
            if (node is not null && !lifetime.ApplicationStopping.IsCancellationRequested)
                await SuspectAsync(node);
        }
    }

    /// <summary>Null when the node may register; <paramref name="checkedNode"/> stays what it was when it may not.</summary>
    private string? Check(Proto.Register register, NodeRegistration? present, out NodeRegistration? checkedNode)
    {
        checkedNode = present;
        // Hashed first, so that the comparison takes the same time whatever the lengths are.
        if (!CryptographicOperations.FixedTimeEquals(_secret, Hash(register.JoinSecret)))
            return "join_secret is wrong";
        if (!NodeMessages.TryRead(register, out var read, out var flaw))
            return flaw;
        if (present is not null && (present.Node != read.Node || present.Incarnation != read.Incarnation))
            return "node_id and incarnation must not change on a stream";
        checkedNode = read;
        return null;
    }

    private async Task<string?> RegisterAsync(NodeRegistration node, IServerStreamWriter<Proto.RegistryMessage> responses)
    {
        await grains.Ask(grains.MediaNode(node.Node).Register(node, []));
        LogRegistered(node.Node.Value, node.Region.Value, node.ControlUrl);
        await responses.WriteAsync(new Proto.RegistryMessage
        {
            Registered = new Proto.Registered { BeatIntervalMs = (uint)options.Value.BeatInterval.TotalMilliseconds },
        });
        return null;
    }

    private async Task<string?> BeatAsync(NodeRegistration node, Proto.Beat beat, IServerStreamWriter<Proto.RegistryMessage> responses)
    {
        if (!NodeMessages.TryRead(beat.Load, out var load, out var flaw))
            return flaw;
        if (!await grains.Ask(grains.MediaNode(node.Node).Beat(node.Incarnation, load)))
            await responses.WriteAsync(new Proto.RegistryMessage { RegisterAgain = new Proto.RegisterAgain() });
        return null;
    }

    private async Task<string?> ReportAsync(NodeRegistration node, Proto.RoomEvents message, IServerStreamWriter<Proto.RegistryMessage> responses)
    {
        if (!NodeMessages.TryRead(message, out var events, out var flaw))
            return flaw;
        if (!await grains.Ask(grains.MediaNode(node.Node).Report(node.Incarnation, events)))
            await responses.WriteAsync(new Proto.RegistryMessage { RegisterAgain = new Proto.RegisterAgain() });
        return null;
    }

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
