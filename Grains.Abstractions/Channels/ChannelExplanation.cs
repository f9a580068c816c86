using System.Collections.Immutable;
using Hype.Grains.Abstractions.Regions;

namespace Hype.Grains.Abstractions.Channels;

/// <summary>Why a channel is as it is: what its mode was decided by, where its rooms are and whom they serve, and how that came about.</summary>
[GenerateSerializer, Immutable, Alias("hype.ChannelExplanation")]
public sealed record ChannelExplanation
{
    [Id(0)]
    public required ChannelSnapshot Snapshot { get; init; }

    [Id(1)]
    public required ModeExplanation Mode { get; init; }

    [Id(2)]
    public ImmutableArray<RoomExplanation> Rooms { get; init; } = [];

    [Id(3)]
    public ImmutableArray<LinkExplanation> Links { get; init; } = [];

    /// <summary>The newest modes, rooms and settings, the oldest of them first.</summary>
    [Id(4)]
    public ImmutableArray<ChannelNews> History { get; init; } = [];
}

/// <summary>What decides the mode.</summary>
/// <param name="Policy">The channel's own; anything but <see cref="ModePolicy.Auto"/> decides alone.</param>
/// <param name="Count">Members.</param>
/// <param name="P2PThreshold">Up to so many are a mesh.</param>
/// <param name="ReturnThreshold">At so many or fewer a forwarded channel becomes a mesh again.</param>
/// <param name="PairFailed">Two members could not connect: forwarded until it is empty.</param>
/// <param name="RequestedUntil">Somebody asked for this mode, and it is held until then.</param>
/// <param name="ReturnsAt">When it becomes a mesh again, if it stays as small.</param>
/// <param name="NoNodeUntil">No media node had room; asked again then.</param>
[GenerateSerializer, Immutable, Alias("hype.ModeExplanation")]
public sealed record ModeExplanation(
    [property: Id(0)] ModePolicy Policy,
    [property: Id(1)] int Count,
    [property: Id(2)] int P2PThreshold,
    [property: Id(3)] int ReturnThreshold,
    [property: Id(4)] bool PairFailed,
    [property: Id(5)] DateTimeOffset? RequestedUntil,
    [property: Id(6)] DateTimeOffset? ReturnsAt,
    [property: Id(7)] DateTimeOffset? NoNodeUntil);

/// <summary>A room, whom it serves, and who is heard in it.</summary>
/// <param name="Room">Where it is.</param>
/// <param name="Serves">Members of these regions have their transports in it.</param>
/// <param name="Members">Numbers of those whose transports are in it, or on their way.</param>
/// <param name="Leaving">Its node is to be empty.</param>
/// <param name="Slots">By slot, the number of who is heard in it now; 0: nobody. Empty when the node did not say.</param>
/// <param name="Reason">Why it is on that node.</param>
[GenerateSerializer, Immutable, Alias("hype.RoomExplanation")]
public sealed record RoomExplanation(
    [property: Id(0)] RoomAssignment Room,
    [property: Id(1)] ImmutableArray<RegionId> Serves,
    [property: Id(2)] ImmutableArray<MemberNumber> Members,
    [property: Id(3)] bool Leaving,
    [property: Id(4)] ImmutableArray<MemberNumber> Slots,
    [property: Id(5)] PlacementReason Reason);

/// <summary>Two rooms that hear each other.</summary>
/// <param name="Up">Both ends are made.</param>
[GenerateSerializer, Immutable, Alias("hype.LinkExplanation")]
public sealed record LinkExplanation([property: Id(0)] RoomEpoch Low, [property: Id(1)] RoomEpoch High, [property: Id(2)] bool Up);
