using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Channels.Orders;

namespace Hype.Grains.Channels;

/// <summary>
/// Completes the explanation of <see cref="ChannelMachine"/> with facts that the machine does not have: the reason for each room's node,
/// and the members that the slots of the room carry.
/// </summary>
internal sealed class ChannelExplainer(NodeOrders nodes, BackgroundWork work)
{
    public async Task<ChannelExplanation> CompleteAsync(ChannelExplanation explanation) =>
        explanation with { Rooms = [.. await Task.WhenAll(explanation.Rooms.Select(CompleteAsync))] };

    private async Task<RoomExplanation> CompleteAsync(RoomExplanation room)
    {
        try
        {
            var slots = await nodes.ListSlotsAsync(room.Room.Node, room.Room.Epoch);
            return room with { Reason = nodes.ReasonFor(room.Room.Epoch), Slots = slots };
        }
        catch (Exception exception)
        {
            // The rest of the explanation does not need the slots.
            work.Failed(exception, "list the slots of a room");
            return room;
        }
    }
}
