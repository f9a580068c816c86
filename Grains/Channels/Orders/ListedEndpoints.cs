using System.Collections.Immutable;

namespace Hype.Grains.Channels.Orders;

/// <summary>The content of a room, as the node lists it.</summary>
/// <param name="Links">The names of the room's links.</param>
internal sealed record ListedEndpoints(ImmutableArray<ListedEndpoint> Endpoints, ImmutableArray<string> Links)
{
    /// <summary>The member whose audio each slot carries; 0: none.</summary>
    public ImmutableArray<MemberNumber> Slots { get; init; } = [];
}
