using Hype.Grains.Abstractions.Calls;
using Hype.Grains.Abstractions.Errors;
using Orleans.CodeGeneration;

namespace Hype.Grains.Abstractions.MediaNodes;

/// <summary>
/// A media node: its lease, its load and the channels that have rooms on it. The grain key is the <see cref="MediaNodeId"/>. The gateway
/// that holds the control stream of the node calls this interface. Channels send their orders through a second interface of the same
/// grain, which is internal.
/// </summary>
[Alias("hype.IMediaNodeGrain"), Version(1)]
public interface IMediaNodeGrain : IGrainWithStringKey
{
    /// <summary>
    /// Starts the lease of a node. If the node process restarted, its channels first learn that their rooms are lost. Then the grain
    /// notifies the channel of each room that the node holds; the channel closes the rooms that it does not use. Returns false, and
    /// changes nothing, if another process with the same node id still runs.
    /// </summary>
    [Alias("Register"), Idempotent, ResponseTimeout(CallTimeouts.Attempt)]
    Task<bool> Register(NodeRegistration registration, HeldRoom[] rooms);

    /// <summary>
    /// Renews the lease of a node. Returns false if this process of the node is not registered; the node must then register again.
    /// </summary>
    /// <param name="incarnation">The incarnation that renews its lease.</param>
    /// <param name="load">Null in most heartbeats.</param>
    /// <param name="ackedFor"><see cref="NodeRegistration.AckedFor"/> at the time of sending.</param>
    [Alias("Heartbeat"), Idempotent, ResponseTimeout(CallTimeouts.Attempt)]
    Task<bool> Heartbeat(Guid incarnation, NodeLoad? load, TimeSpan ackedFor);

    /// <summary>Reports events in the rooms of a node. The call returns after the channels were notified.</summary>
    /// <returns>
    /// The channels that did not answer in time: the node sends their events again. Null when this incarnation is not registered, as for a
    /// false <see cref="Heartbeat"/>: no channel was notified.
    /// </returns>
    [Alias("Report"), Idempotent, ResponseTimeout(CallTimeouts.Attempt)]
    Task<ChannelId[]?> Report(Guid incarnation, RoomEvent[] events);

    /// <summary>
    /// Reports that the control stream of a node ended unexpectedly. The grain probes the node, and ends the lease if the probe fails too.
    /// </summary>
    [Alias("Suspect"), Idempotent]
    Task Suspect(Guid incarnation);

    /// <summary>Returns the registration and the load of the node; null while the node is not registered.</summary>
    [Alias("GetStatus"), Idempotent, ResponseTimeout(CallTimeouts.Attempt)]
    Task<NodeStatus?> GetStatus();

    /// <summary>
    /// Starts or ends a drain: a draining node takes no new rooms, and its channels move their rooms to other nodes. The node process
    /// stores the request in its memory, so the drain continues when this grain or its silo fails.
    /// </summary>
    [Alias("Drain"), Idempotent]
    Task<VoiceError> Drain(bool draining);
}
