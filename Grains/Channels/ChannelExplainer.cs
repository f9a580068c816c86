using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Channels.Orders;

namespace Hype.Grains.Channels;

/// <summary>
/// Adds to the explanation of a channel (<see cref="ChannelMachine.Explain"/>) the facts that only other parts know: the reason for the
/// choice of each room's node, and the member whose audio each slot of the node carries.
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
