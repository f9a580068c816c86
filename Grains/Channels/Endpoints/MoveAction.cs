using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Channels.Effects;

namespace Hype.Grains.Channels.Endpoints;

/// <summary>The action that a step of the <see cref="MoveLadder"/> requires.</summary>
internal abstract record MoveAction
{
    /// <summary>Sends the ICE candidates of the new node to the client.</summary>
    internal sealed record NotifyClient(SfuOffer To) : MoveAction;

    /// <summary>Orders the new node to change the ICE credentials of the endpoint.</summary>
    internal sealed record RestartIce(SfuOffer Offer) : MoveAction;

    /// <summary>Sends the client an offer that restarts ICE.</summary>
    internal sealed record OfferRestart(SfuOffer Offer) : MoveAction;

    /// <summary>Ends the move, and records the way and the duration: the client has reached the new node.</summary>
    internal sealed record Finish(MoveWay Way, TimeSpan Took) : MoveAction;

    /// <summary>Ends the move, and replaces the client's connection by a new one.</summary>
    internal sealed record Reconnect(TimeSpan Took) : MoveAction;
}
