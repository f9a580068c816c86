using System.Collections.Immutable;

namespace Hype.Grains.Cascade;

/// <param name="Add">Links that are missing.</param>
/// <param name="Remove">Links with an end that is no longer among the rooms; the other end has to be told.</param>
internal sealed record CascadeChange(ImmutableArray<RoomPair> Add, ImmutableArray<RoomPair> Remove)
{
    public bool IsEmpty => Add.IsEmpty && Remove.IsEmpty;
}
