using Hype.Grains.Channels.Rooms;

namespace Hype.Grains.Channels.Orders;

/// <summary>
/// The full name of a member's endpoint in one room. A node's answer that names another room or an older generation is outdated, and the
/// channel ignores it.
/// </summary>
/// <param name="Layout">The layout that the client builds with this endpoint.</param>
/// <param name="Room">The room that holds the endpoint, or will hold it.</param>
/// <param name="Generation">Counts the connections that the member had in this layout; a move under the same keys does not change
/// it.</param>
internal readonly record struct EndpointRef(LayoutEpoch Layout, Room Room, MemberNumber Number, int Generation);
