using Hype.MediaNode.Rooms;

namespace Hype.MediaNode.Orders;

/// <summary>The room that an order is about.</summary>
/// <param name="Incarnation">The activation of the channel that decided the order.</param>
internal readonly record struct FencedRoom(RoomKey Key, ChannelIncarnation Incarnation);
