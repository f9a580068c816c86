using Grpc.Core;
using Hype.Gateway.Cluster;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.MediaNodes;
using Proto = Hype.NodeRegistry.V1;

namespace Hype.Gateway.NodeRegistry;

/// <summary>
/// One node's stream: each message goes to the node's grain, and is acknowledged when the grain has taken it in. Messages are taken
/// one after the other, so that an acknowledgement of one is an acknowledgement of all before it.
/// </summary>
internal sealed class NodeStream(GrainAccess grains, Func<string, bool> knowsSecret, TimeSpan beatInterval, IServerStreamWriter<Proto.RegistryMessage> answers)
{
    private ulong _received;

    /// <summary>Who is at the other end, once it has registered.</summary>
    public NodeRegistration? Node { get; private set; }

    /// <summary>Takes a message in. What ends the stream with its answer: the message cannot be, or the grain does not know the node.</summary>
    public async Task<Proto.RegistryMessage?> ReceiveAsync(Proto.NodeMessage message)
    {
        var (taken, flaw, missed) = message.BodyCase switch
        {
            Proto.NodeMessage.BodyOneofCase.Register => await RegisterAsync(message.Register),
            Proto.NodeMessage.BodyOneofCase.Beat when Node is not null => await BeatAsync(Node, message.Beat),
            Proto.NodeMessage.BodyOneofCase.Events when Node is not null => await ReportAsync(Node, message.Events),
            _ => Refused("the first message must be register"),
        };
        if (flaw is not null)
            return new Proto.RegistryMessage { Refused = new Proto.Refused { Reason = flaw } };
        // The count of what is kept must have no hole: after a message that nobody took, another stream begins at one.
        if (!taken)
            return new Proto.RegistryMessage { RegisterAgain = new Proto.RegisterAgain() };

        _received++;
        await answers.WriteAsync(message.BodyCase == Proto.NodeMessage.BodyOneofCase.Register
            ? new Proto.RegistryMessage { Registered = new Proto.Registered { BeatIntervalMs = (uint)beatInterval.TotalMilliseconds } }
            : new Proto.RegistryMessage { Kept = new Proto.Kept { Messages = _received, Missed = { missed.Select(channel => channel.Value) } } });
        return null;
    }

    private async Task<Outcome> RegisterAsync(Proto.Register register)
    {
        if (!knowsSecret(register.JoinSecret))
            return Refused("join_secret is wrong");
        if (!NodeMessages.TryRead(register, out var node, out var flaw) || !NodeMessages.TryRead(register.Rooms, out var rooms, out flaw))
            return Refused(flaw);
        if (Node is not null && (Node.Node != node.Node || Node.Incarnation != node.Incarnation))
            return Refused("node_id and incarnation must not change on a stream");
        // From here on the end of the stream is a suspicion, also when the grain's answer is late.
        Node = node;
        await grains.Ask(grains.MediaNode(node.Node).Register(node, rooms));
        return Taken(true);
    }

    private async Task<Outcome> BeatAsync(NodeRegistration node, Proto.Beat beat) => NodeMessages.TryRead(beat, out var load, out var heardFor, out var flaw)
        ? Taken(await grains.Ask(grains.MediaNode(node.Node).Beat(node.Incarnation, load, heardFor)))
        : Refused(flaw);

    private async Task<Outcome> ReportAsync(NodeRegistration node, Proto.RoomEvents message)
    {
        if (!NodeMessages.TryRead(message, out var events, out var flaw))
            return Refused(flaw);
        var missed = await grains.Ask(grains.MediaNode(node.Node).Report(node.Incarnation, events));
        return new Outcome(missed is not null, null, missed ?? []);
    }

    private static Outcome Refused(string flaw) => new(false, flaw, []);

    private static Outcome Taken(bool taken) => new(taken, null, []);

    /// <summary>What became of a message.</summary>
    /// <param name="Taken">The grain knows this node.</param>
    /// <param name="Flaw">Why the message cannot be.</param>
    /// <param name="Missed">Channels that did not hear what it says of them.</param>
    private readonly record struct Outcome(bool Taken, string? Flaw, ChannelId[] Missed);
}
