using Hype.Grains.Abstractions.Calls;
using Hype.Grains.Abstractions.Errors;

namespace Hype.Grains.Abstractions.MediaNodes;

/// <summary>
/// A media node: its lease, its load and the channels that have rooms on it. The grain key is the <see cref="MediaNodeId"/>. Gateways call
/// it for the node whose stream they hold. Channels send their orders through another interface of the same grain, which only grains know.
/// </summary>
[Alias("hype.IMediaNodeGrain")]
public interface IMediaNodeGrain : IGrainWithStringKey
{
    /// <summary>
    /// Starts the lease. A new incarnation first loses the rooms of the previous one. The channel of each room that the node holds is
    /// notified, and closes the rooms that it does not use any more.
    /// </summary>
    [Alias("Register"), ResponseTimeout(CallTimeouts.Attempt)]
    Task Register(NodeRegistration registration, HeldRoom[] rooms);

    /// <summary>Renews the lease. Returns false when this incarnation is not registered: the node must register again.</summary>
    /// <param name="incarnation">The incarnation that renews its lease.</param>
    /// <param name="load">Null in most heartbeats.</param>
    /// <param name="ackedFor"><see cref="NodeRegistration.AckedFor"/> at the time of sending.</param>
    [Alias("Heartbeat"), ResponseTimeout(CallTimeouts.Attempt)]
    Task<bool> Heartbeat(Guid incarnation, NodeLoad? load, TimeSpan ackedFor);

    /// <summary>Reports events in the node's rooms. The channels are notified before the call returns.</summary>
    /// <returns>
    /// The channels that did not answer in time: the node sends their events again. Null when this incarnation is not registered, as for a
    /// false <see cref="Heartbeat"/>: no channel was notified.
    /// </returns>
    [Alias("Report"), ResponseTimeout(CallTimeouts.Attempt)]
    Task<ChannelId[]?> Report(Guid incarnation, RoomEvent[] events);

    /// <summary>Reports that the node's stream broke. The grain probes the node, and ends the lease if the probe fails too.</summary>
    [Alias("Suspect")]
    Task Suspect(Guid incarnation);

    /// <summary>The node's registration and load; null while it is not registered.</summary>
    [Alias("GetStatus"), ResponseTimeout(CallTimeouts.Attempt)]
    Task<NodeStatus?> GetStatus();

    /// <summary>
    /// Drains the node: it takes no new rooms, and its channels move their rooms to other nodes. False ends the drain. The node itself
    /// remembers the request while its process runs, so the request survives this grain and its silo.
    /// </summary>
    [Alias("Drain")]
    Task<VoiceError> Drain(bool draining);
}
