using System.Collections.Immutable;

namespace Hype.Grains.Channels.Orders;

/// <summary>The content of a room in the list of its node.</summary>
/// <param name="Links">The names of the room's links.</param>
internal sealed record ListedEndpoints(ImmutableArray<ListedEndpoint> Endpoints, ImmutableArray<string> Links)
{
    /// <summary>Per slot, the member whose audio it carries; 0: none.</summary>
    public ImmutableArray<MemberNumber> Slots { get; init; } = [];
}
