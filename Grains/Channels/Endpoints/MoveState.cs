using Hype.Grains.Abstractions.MediaNodes;

namespace Hype.Grains.Channels.Endpoints;

/// <summary>
/// The state of an endpoint's move to another node. The <see cref="MoveLadder"/> passes through the states in this order, from the way
/// that disturbs the client least to the one that disturbs it most. The endpoint has the same keys in all states.
/// </summary>
internal abstract record MoveState
{
    public static readonly MoveState NotMoving = new None();

    /// <summary>
    /// The time at which the ladder tries the next way; null if it waits for an answer of the node or for the client's return.
    /// </summary>
    public virtual DateTimeOffset? Deadline => null;

    /// <summary>The state of an endpoint that does not move.</summary>
    internal sealed record None : MoveState;

    /// <summary>The channel has sent the new node the order to revive the endpoint, and waits for the answer.</summary>
    /// <param name="Since">The start of the move.</param>
    internal sealed record Reviving(DateTimeOffset Since) : MoveState;

    /// <summary>
    /// The client has received the ICE candidates of the new node, and must connect to it. Browsers with libwebrtc do so without a new
    /// offer.
    /// </summary>
    /// <param name="Since">The start of the move.</param>
    /// <param name="To">The endpoint at the new node.</param>
    internal sealed record AwaitingClient(DateTimeOffset Since, SfuOffer To, DateTimeOffset? Until) : MoveState
    {
        public override DateTimeOffset? Deadline => Until;
    }

    /// <summary>
    /// The client did not connect to the new node in time, or reported that it cannot. The channel has sent the node new ICE credentials
    /// for an ICE restart, and waits for the answer.
    /// </summary>
    /// <param name="Since">The start of the move.</param>
    internal sealed record RestartingIce(DateTimeOffset Since, DateTimeOffset? Until) : MoveState
    {
        public override DateTimeOffset? Deadline => Until;
    }

    /// <summary>The client has received an offer that restarts ICE, and must connect to the new node.</summary>
    /// <param name="Since">The start of the move.</param>
    /// <param name="To">The offer with the new ICE credentials.</param>
    internal sealed record AwaitingRestart(DateTimeOffset Since, SfuOffer To, DateTimeOffset? Until) : MoveState
    {
        public override DateTimeOffset? Deadline => Until;
    }
}
