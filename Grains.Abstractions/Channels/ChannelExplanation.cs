using System.Collections.Immutable;
using Hype.Grains.Abstractions.Regions;

namespace Hype.Grains.Abstractions.Channels;

/// <summary>
/// The reasons for the state of a channel, for operators: the inputs of the mode rule, the rooms with their nodes and regions, and recent
/// changes.
/// </summary>
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

    /// <summary>The newest changes of modes, rooms and settings, the oldest first.</summary>
    [Id(4)]
    public ImmutableArray<ChannelNews> History { get; init; } = [];
}

/// <summary>The values from which the channel chooses its mode, P2P or SFU.</summary>
/// <param name="Policy">The policy of the channel; any other than <see cref="ModePolicy.Auto"/> decides alone.</param>
/// <param name="Count">The number of members.</param>
/// <param name="P2PThreshold">The highest number of members of a mesh.</param>
/// <param name="ReturnThreshold">The number of members at or below which a forwarded channel becomes a mesh again.</param>
/// <param name="PairFailed">Two members could not connect: the channel is forwarded until it is empty.</param>
/// <param name="RequestedUntil">The end of the time for which a requested mode is held.</param>
/// <param name="ReturnsAt">The time at which the channel becomes a mesh again if it stays as small.</param>
/// <param name="NoNodeUntil">No media node had capacity; the channel retries at this time.</param>
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

/// <summary>A room of the channel, the regions whose members use it, and those members.</summary>
/// <param name="Room">The node and the epoch of the room.</param>
/// <param name="Serves">The regions whose members have their endpoints in it.</param>
/// <param name="Members">The members whose endpoints are in it, or on their way.</param>
/// <param name="Draining">The node is draining.</param>
/// <param name="Slots">The member that each slot carries; 0: none. Empty if the node did not answer.</param>
/// <param name="Reason">The reason for the choice of the node.</param>
[GenerateSerializer, Immutable, Alias("hype.RoomExplanation")]
public sealed record RoomExplanation(
    [property: Id(0)] RoomAssignment Room,
    [property: Id(1)] ImmutableArray<RegionId> Serves,
    [property: Id(2)] ImmutableArray<MemberNumber> Members,
    [property: Id(3)] bool Draining,
    [property: Id(4)] ImmutableArray<MemberNumber> Slots,
    [property: Id(5)] PlacementReason Reason);

/// <summary>The link between two rooms of the channel, identified by the epochs of the rooms.</summary>
/// <param name="Up">Both nodes have confirmed their end.</param>
[GenerateSerializer, Immutable, Alias("hype.LinkExplanation")]
public sealed record LinkExplanation([property: Id(0)] RoomEpoch Low, [property: Id(1)] RoomEpoch High, [property: Id(2)] bool Up);
