using Grpc.Core;
using Hype.MediaNode.NodeState;
using Hype.MediaNode.Tickets;
using Hype.NodeRegistry.V1;

namespace Hype.MediaNode.Registration;

/// <summary>Creates the gRPC streams over which this node registers and reports to gateways.</summary>
internal sealed class RegistryStreams(
    RoomEventQueue events, NodeLoadMeter load, NodeDrain drain, ControlContact contact, TimeProvider time)
{
    /// <param name="ackTimeout">The gateway's time for an acknowledgement; infinite if there is no other gateway.</param>
    public UnackedMessages NewUnackedMessages(TimeSpan ackTimeout) => new(contact, events, ackTimeout);

    public RegistryStream Open(AsyncDuplexStreamingCall<NodeMessage, RegistryMessage> call, UnackedMessages sent) =>
        new(call, sent, events, load, drain, contact, time);
}
