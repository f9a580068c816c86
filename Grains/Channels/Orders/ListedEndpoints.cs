using System.Collections.Immutable;

namespace Hype.Grains.Channels.Orders;

/// <summary>The content of a room as its node lists it: endpoints, links and slots.</summary>
/// <param name="Links">The names of the room's links.</param>
internal sealed record ListedEndpoints(ImmutableArray<ListedEndpoint> Endpoints, ImmutableArray<string> Links)
{
    /// <summary>The member whose audio each slot carries at the moment; number 0 means an empty slot.</summary>
    public ImmutableArray<MemberNumber> Slots { get; init; } = [];
}
