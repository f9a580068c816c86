using Grpc.Core;
using Hype.Gateway.Cluster;
using Hype.Grains.Abstractions.MediaNodes;
using Proto = Hype.NodeRegistry.V1;

namespace Hype.Gateway.NodeRegistry;

/// <summary>
/// Handles the messages of one node's stream: each goes to the node's grain, and is acknowledged when the grain has received it. Messages
/// are handled one after the other, so that an acknowledgement covers all earlier messages too.
/// </summary>
internal sealed class NodeStream(
    GrainAccess grains,
    Func<string, string, bool> admits,
    NodeNetworks networks,
    TimeSpan heartbeatInterval,
    IServerStreamWriter<Proto.RegistryMessage> answers)
{
    private const string WrongSecret = "join_secret is neither the join secret nor the credential of this node_id";
    private const string WrongNetwork =
        "control_url must have an IP address in one of the networks of Hype:NodeRegistry:ControlNetworks: set Hype:MediaNode:ControlUrl";

    private const string TakenId =
        "node_id belongs to another running process: give each media node its own Hype:MediaNode:NodeId, or stop the other process";

    private ulong _received;

    /// <summary>The node at the other end; null before it has registered.</summary>
    public NodeRegistration? Node { get; private set; }

    /// <summary>Handles one message of the node, and returns the gateway's response.</summary>
    /// <returns>The last answer of the stream, when the message is invalid or the grain does not know the node; otherwise null.</returns>
    public async Task<Proto.RegistryMessage?> ReceiveAsync(Proto.NodeMessage message)
    {
        var (received, flaw, undelivered) = message.BodyCase switch
        {
            Proto.NodeMessage.BodyOneofCase.Register => await RegisterAsync(message.Register),
            Proto.NodeMessage.BodyOneofCase.Heartbeat when Node is not null => await RenewAsync(Node, message.Heartbeat),
            Proto.NodeMessage.BodyOneofCase.Events when Node is not null => await ReportAsync(Node, message.Events),
            _ => Refused("the first message must be register"),
        };
        if (flaw is not null)
            return new Proto.RegistryMessage { Refused = new Proto.Refused { Reason = flaw } };
        // The count of received messages must have no hole: after a message that no grain received, a new stream starts at one.
        if (!received)
            return new Proto.RegistryMessage { RegisterAgain = new Proto.RegisterAgain() };
        _received++;
        await answers.WriteAsync(message.BodyCase == Proto.NodeMessage.BodyOneofCase.Register ? Registered() : Ack(undelivered));
        return null;
    }

    private async Task<Outcome> RegisterAsync(Proto.Register register)
    {
        if (!admits(register.NodeId, register.JoinSecret))
            return Refused(WrongSecret);
        if (!NodeMessages.TryRead(register, out var node, out var flaw) || !NodeMessages.TryRead(register.Rooms, out var rooms, out flaw))
            return Refused(flaw);
        if (!networks.Admits(node.ControlUrl))
            return Refused(WrongNetwork);
        if (Node is not null && (Node.Node != node.Node || Node.Incarnation != node.Incarnation))
            return Refused("node_id and incarnation must not change on a stream");
        // From here on the end of the stream is a suspicion, even when the grain's answer is late.
        Node = node;
        return await grains.Ask(grains.MediaNode(node.Node).Register(node, rooms)) ? Received(true) : Refused(TakenId);
    }

    private async Task<Outcome> RenewAsync(NodeRegistration node, Proto.Heartbeat heartbeat) =>
        NodeMessages.TryRead(heartbeat, out var load, out var ackedFor, out var flaw)
            ? Received(await grains.Ask(grains.MediaNode(node.Node).Heartbeat(node.Incarnation, load, ackedFor)))
            : Refused(flaw);

    private async Task<Outcome> ReportAsync(NodeRegistration node, Proto.RoomEvents message)
    {
        if (!NodeMessages.TryRead(message, out var events, out var flaw))
            return Refused(flaw);
        var undelivered = await grains.Ask(grains.MediaNode(node.Node).Report(node.Incarnation, events));
        return new Outcome(undelivered is not null, null, undelivered ?? []);
    }

    private Proto.RegistryMessage Registered() =>
        new() { Registered = new Proto.Registered { HeartbeatIntervalMs = (uint)heartbeatInterval.TotalMilliseconds } };

    private Proto.RegistryMessage Ack(ChannelId[] undelivered) =>
        new() { Ack = new Proto.Ack { Received = _received, UndeliveredChannels = { undelivered.Select(channel => channel.Value) } } };

    private static Outcome Refused(string flaw) => new(false, flaw, []);

    private static Outcome Received(bool received) => new(received, null, []);

    /// <summary>The result of handling one message.</summary>
    /// <param name="IsReceived">The grain knows this node and has received the message.</param>
    /// <param name="Flaw">The reason for which the message is invalid.</param>
    /// <param name="Undelivered">The channels that did not receive their events.</param>
    private readonly record struct Outcome(bool IsReceived, string? Flaw, ChannelId[] Undelivered);
}
