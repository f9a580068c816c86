using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Channels.Effects;

namespace Hype.Grains.Channels.Endpoints;

/// <summary>The action that a step of the <see cref="MoveLadder"/> requires.</summary>
internal abstract record MoveAction
{
    /// <summary>Sends the new node's candidates to the client.</summary>
    internal sealed record NotifyClient(SfuOffer To) : MoveAction;

    /// <summary>Gives the new node other ICE credentials for the endpoint.</summary>
    internal sealed record RestartIce(SfuOffer Offer) : MoveAction;

    /// <summary>Sends the client the offer of an ICE restart.</summary>
    internal sealed record OfferRestart(SfuOffer Offer) : MoveAction;

    /// <summary>Records the move: the client has arrived at the new node.</summary>
    internal sealed record Finish(MoveWay Way, TimeSpan Took) : MoveAction;

    /// <summary>Ends the move and replaces the connection.</summary>
    internal sealed record Reconnect(TimeSpan Took) : MoveAction;
}
