using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Channels.Inputs;
using Hype.Grains.Channels.Rooms;

namespace Hype.Grains.Channels.Orders;

/// <summary>A media node's answer to an order. The kind of the order determines which one of the optional properties is set.</summary>
internal sealed record NodeAnswered(NodeOrder Order, NodeOutcome Outcome) : ChannelInput
{
    /// <summary>The result of <see cref="PlaceRoom"/>: a new room, or a room that the layout already has.</summary>
    public Room? Room { get; init; }

    /// <summary>
    /// The offer for the client, with the values of the endpoint at the node: the result of <see cref="AddEndpoint"/>,
    /// <see cref="ReviveEndpoint"/>, <see cref="HandOver"/> or <see cref="RestartIce"/>.
    /// </summary>
    public SfuOffer? Offer { get; init; }

    /// <summary>The content of a room: the result of <see cref="VerifyRoom"/>.</summary>
    public ListedEndpoints? Listed { get; init; }
}
