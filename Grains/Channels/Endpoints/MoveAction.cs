using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Channels.Effects;

namespace Hype.Grains.Channels.Endpoints;

/// <summary>A transition's action (<see cref="MoveLadder"/>).</summary>
internal abstract record MoveAction
{
    /// <summary>Send the new node's candidates to the client.</summary>
    internal sealed record NotifyClient(SfuOffer To) : MoveAction;

    /// <summary>Give the new node other ICE credentials for the endpoint.</summary>
    internal sealed record RestartIce(SfuOffer Offer) : MoveAction;

    /// <summary>Send the client the offer of an ICE restart.</summary>
    internal sealed record OfferRestart(SfuOffer Offer) : MoveAction;

    /// <summary>The client arrived: record the move.</summary>
    internal sealed record Finish(MoveWay Way, TimeSpan Took) : MoveAction;

    /// <summary>Give up the move and replace the connection.</summary>
    internal sealed record Reconnect(TimeSpan Took) : MoveAction;
}
