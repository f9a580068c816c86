using Hype.Grains.Abstractions.MediaNodes;

namespace Hype.Grains.Channels.Endpoints;

/// <summary>An event that may change the state of an endpoint's move (<see cref="MoveLadder"/>).</summary>
internal abstract record MoveStimulus
{
    /// <summary>The channel starts to move the endpoint to another room.</summary>
    internal sealed record Started : MoveStimulus;

    /// <summary>The new node has revived the endpoint.</summary>
    /// <param name="To">The endpoint at the new node.</param>
    internal sealed record Revived(SfuOffer To) : MoveStimulus;

    /// <summary>The new node has accepted other ICE credentials for the endpoint.</summary>
    /// <param name="Offer">The offer that carries them.</param>
    internal sealed record IceRestarted(SfuOffer Offer) : MoveStimulus;

    /// <summary>The client reports that its connection does not work.</summary>
    /// <param name="Answered">Whether the client answered the newest offer; a report before the answer is about the connection before
    /// it.</param>
    internal sealed record ClientFailed(bool Answered) : MoveStimulus;

    /// <summary>The client has resumed its session at a gateway.</summary>
    internal sealed record ClientReturned : MoveStimulus;

    /// <summary>The deadline of the current state has passed.</summary>
    /// <param name="Away">Whether the client has no gateway at the moment.</param>
    internal sealed record Overdue(bool Away) : MoveStimulus;

    /// <summary>The new node has received media from the client.</summary>
    internal sealed record Connected : MoveStimulus;
}
