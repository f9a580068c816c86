using Grpc.Core;
using Hype.Gateway.Cluster;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.MediaNodes;
using Proto = Hype.NodeRegistry.V1;

namespace Hype.Gateway.NodeRegistry;

/// <summary>
/// One node's stream: each message goes to the node's grain, and is acknowledged when the grain has processed it. Messages are processed one
/// after the other, so that an acknowledgement of one includes all before it.
/// </summary>
internal sealed class NodeStream(
    GrainAccess grains, Func<string, bool> knowsSecret, TimeSpan heartbeatInterval, IServerStreamWriter<Proto.RegistryMessage> answers)
{
    private ulong _received;

    /// <summary>The node at the other end, once it has registered.</summary>
    public NodeRegistration? Node { get; private set; }

    /// <summary>Processes a message. Returns the answer that ends the stream: the message is invalid, or the grain does not know the node.</summary>
    public async Task<Proto.RegistryMessage?> ReceiveAsync(Proto.NodeMessage message)
    {
        var (known, flaw, undelivered) = message.BodyCase switch
        {
            Proto.NodeMessage.BodyOneofCase.Register => await RegisterAsync(message.Register),
            Proto.NodeMessage.BodyOneofCase.Heartbeat when Node is not null => await HeartbeatAsync(Node, message.Heartbeat),
            Proto.NodeMessage.BodyOneofCase.Events when Node is not null => await ReportAsync(Node, message.Events),
            _ => Refused("the first message must be register"),
        };
        if (flaw is not null)
            return new Proto.RegistryMessage { Refused = new Proto.Refused { Reason = flaw } };
        // The count must have no gap: after a message that was not processed, another stream begins at one.
        if (!known)
            return new Proto.RegistryMessage { RegisterAgain = new Proto.RegisterAgain() };
        _received++;
        await answers.WriteAsync(message.BodyCase == Proto.NodeMessage.BodyOneofCase.Register
            ? new() { Registered = new() { HeartbeatIntervalMs = (uint)heartbeatInterval.TotalMilliseconds } }
            : new() { Ack = new() { Received = _received, UndeliveredChannels = { undelivered.Select(channel => channel.Value) } } });
        return null;
    }

    private async Task<Processed> RegisterAsync(Proto.Register register)
    {
        if (!knowsSecret(register.JoinSecret))
            return Refused("join_secret is wrong");
        if (!NodeMessages.TryRead(register, out var node, out var flaw) || !NodeMessages.TryRead(register.Rooms, out var rooms, out flaw))
            return Refused(flaw);
        if (Node is not null && (Node.Node != node.Node || Node.Incarnation != node.Incarnation))
            return Refused("node_id and incarnation must not change on a stream");
        // From here on the end of the stream is a suspicion, even if the grain's answer is late.
        Node = node;
        await grains.Ask(grains.MediaNode(node.Node).Register(node, rooms));
        return Known(true);
    }

    private async Task<Processed> HeartbeatAsync(NodeRegistration node, Proto.Heartbeat heartbeat) =>
        NodeMessages.TryRead(heartbeat, out var load, out var ackedFor, out var flaw)
            ? Known(await grains.Ask(grains.MediaNode(node.Node).Heartbeat(node.Incarnation, load, ackedFor)))
            : Refused(flaw);

    private async Task<Processed> ReportAsync(NodeRegistration node, Proto.RoomEvents message)
    {
        if (!NodeMessages.TryRead(message, out var events, out var flaw))
            return Refused(flaw);
        var undelivered = await grains.Ask(grains.MediaNode(node.Node).Report(node.Incarnation, events));
        return new Processed(undelivered is not null, null, undelivered ?? []);
    }

    private static Processed Refused(string flaw) => new(false, flaw, []);

    private static Processed Known(bool known) => new(known, null, []);

    /// <summary>The result of a message.</summary>
    /// <param name="Known">The grain knows this incarnation of the node.</param>
    /// <param name="Flaw">The reason for which the message is invalid.</param>
    /// <param name="Undelivered">Channels that did not receive their events.</param>
    private readonly record struct Processed(bool Known, string? Flaw, ChannelId[] Undelivered);
}
