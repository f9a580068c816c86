using Hype.MediaNode.Configuration;
using Hype.MediaNode.NodeState;
using Hype.MediaNode.Orders;
using Hype.MediaNode.Tickets;
using Hype.MediaNode.Workers;
using Hype.NodeRegistry.V1;
using Microsoft.Extensions.Options;

namespace Hype.MediaNode.Registration;

/// <summary>Describes this node in its registration: identity, addresses, secrets and rooms.</summary>
internal sealed class NodeDescription(
    IOptions<MediaNodeOptions> options, ControlPlane controlPlane, NodeIdentity identity, WorkerPool pool, RoomDirectory rooms,
    ControlContact contact)
{
    /// <summary>
    /// The maximum number of rooms in a registration (node_registry.proto; gRPC allows 4 MiB). Further rooms are not listed: their
    /// channels must renew them by orders, and a room without a channel is never closed.
    /// </summary>
    private const int MaxRooms = 32_768;

    /// <param name="controlUrl">The address of this node for node orders.</param>
    public Register ToMessage(string controlUrl) => new()
    {
        NodeId = identity.NodeId,
        Incarnation = identity.Incarnation.ToString(),
        Region = options.Value.Region,
        ControlUrl = controlUrl,
        ControlToken = identity.ControlToken,
        Version = typeof(NodeDescription).Assembly.GetName().Version!.ToString(3),
        Workers = (uint)pool.Workers.Count,
        JoinSecret = controlPlane.JoinSecret,
        AckedForMs = (ulong)contact.FreshFor(contact.Now).TotalMilliseconds,
        Rooms = { rooms.Rooms.Take(MaxRooms).Select(room => new HeldRoom { Channel = room.Channel, Epoch = room.Epoch.Value }) },
    };
}
