using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Channels.Inputs;
using Hype.Grains.Channels.Rooms;

namespace Hype.Grains.Channels.Orders;

/// <summary>The answer to an order. At most one of the optional properties is set, according to the order.</summary>
internal sealed record NodeAnswered(NodeOrder Order, NodeOutcome Outcome) : ChannelInput
{
    /// <summary>The room that a <see cref="PlaceRoom"/> found: a new one, or one that the layout already has.</summary>
    public Room? Room { get; init; }

    /// <summary>
    /// The endpoint as the node holds it, after <see cref="AddEndpoint"/>, <see cref="ReviveEndpoint"/>, <see cref="HandOver"/> or
    /// <see cref="RestartIce"/>.
    /// </summary>
    public SfuOffer? Offer { get; init; }

    /// <summary>The content of a room, after <see cref="VerifyRoom"/>.</summary>
    public ListedEndpoints? Listed { get; init; }
}
