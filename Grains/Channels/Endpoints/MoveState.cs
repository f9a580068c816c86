using Hype.Grains.Abstractions.MediaNodes;

namespace Hype.Grains.Channels.Endpoints;

/// <summary>
/// The state of an endpoint's move to another node: a rung of the <see cref="MoveLadder"/>, from the lightest way to the heaviest. The
/// endpoint has the same keys in all states.
/// </summary>
internal abstract record MoveState
{
    public static readonly MoveState NotMoving = new None();

    /// <summary>The time at which the ladder takes the next rung; null: it waits for an answer or for the client's return.</summary>
    public virtual DateTimeOffset? Deadline => null;

    /// <summary>The endpoint does not move.</summary>
    internal sealed record None : MoveState;

    /// <summary>The order that revives the endpoint is on its way to the new node.</summary>
    /// <param name="Since">The start of the move.</param>
    internal sealed record Reviving(DateTimeOffset Since) : MoveState;

    /// <summary>The client knows the new candidates. A browser on libwebrtc follows them without a new offer.</summary>
    /// <param name="Since">The start of the move.</param>
    /// <param name="To">The endpoint at the new node.</param>
    internal sealed record AwaitingClient(DateTimeOffset Since, SfuOffer To, DateTimeOffset? Until) : MoveState
    {
        public override DateTimeOffset? Deadline => Until;
    }

    /// <summary>The client did not follow, or reported that it cannot: the new node receives other ICE credentials.</summary>
    /// <param name="Since">The start of the move.</param>
    internal sealed record RestartingIce(DateTimeOffset Since, DateTimeOffset? Until) : MoveState
    {
        public override DateTimeOffset? Deadline => Until;
    }

    /// <summary>The client has the offer of an ICE restart.</summary>
    /// <param name="Since">The start of the move.</param>
    /// <param name="To">The offer with the new ICE credentials.</param>
    internal sealed record AwaitingRestart(DateTimeOffset Since, SfuOffer To, DateTimeOffset? Until) : MoveState
    {
        public override DateTimeOffset? Deadline => Until;
    }
}
