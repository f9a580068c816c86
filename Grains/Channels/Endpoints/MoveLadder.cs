using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Channels.Effects;
using static Hype.Grains.Channels.Endpoints.MoveState;
using static Hype.Grains.Channels.Endpoints.MoveStimulus;

namespace Hype.Grains.Channels.Endpoints;

/// <summary>
/// Decides the way by which a client reaches its endpoint at another node, from the lightest to the heaviest:
/// <list type="number">
/// <item>the client receives the new node's candidates and follows them;</item>
/// <item>an ICE restart of the same connection, for browsers that take no late candidate;</item>
/// <item>a new connection.</item>
/// </list>
/// The ladder takes the next rung when the client does not arrive in time or reports a failure. While the client is away it waits.
/// </summary>
internal sealed class MoveLadder(TimeSpan followTimeout, TimeSpan restartTimeout)
{
    /// <summary>Returns the next state and the required action; a stimulus that does not fit the state changes nothing.</summary>
    public (MoveState State, MoveAction? Action) Step(MoveState state, MoveStimulus stimulus, DateTimeOffset now)
    {
        return (state, stimulus) switch
        {
            (_, Started) => (new Reviving(now), null),

            (Reviving move, Revived revived) => AwaitClient(move.Since, revived.To),
            (AwaitingClient move, ClientReturned) => AwaitClient(move.Since, move.To),
            (RestartingIce move, IceRestarted restarted) => AwaitRestart(move.Since, restarted.Offer),
            (AwaitingRestart move, ClientReturned) => AwaitRestart(move.Since, move.To),

            (AwaitingClient move, Overdue { Away: true }) => (move with { Until = null }, null),
            (RestartingIce move, Overdue { Away: true }) => (move with { Until = null }, null),
            (AwaitingRestart move, Overdue { Away: true }) => (move with { Until = null }, null),

            (AwaitingClient move, Overdue or ClientFailed) =>
                (new RestartingIce(move.Since, now + restartTimeout), new MoveAction.RestartIce(move.To)),
            (RestartingIce move, Overdue) => Reconnect(move.Since),
            (AwaitingRestart move, Overdue or ClientFailed { Answered: true }) => Reconnect(move.Since),

            (AwaitingClient move, Connected) => Finish(MoveWay.Candidate, move.Since),
            // The client followed the candidates while the node received the credentials of a restart.
            (RestartingIce move, Connected) => Finish(MoveWay.Candidate, move.Since),
            (AwaitingRestart move, Connected) => Finish(MoveWay.IceRestart, move.Since),
            // The client arrived before the node's answer, which is ignored then.
            (Reviving, Connected) => (NotMoving, null),

            _ => (state, null),
        };

        (MoveState, MoveAction?) AwaitClient(DateTimeOffset since, SfuOffer to) =>
            (new AwaitingClient(since, to, now + followTimeout), new MoveAction.NotifyClient(to));

        (MoveState, MoveAction?) AwaitRestart(DateTimeOffset since, SfuOffer offer) =>
            (new AwaitingRestart(since, offer, now + restartTimeout), new MoveAction.OfferRestart(offer));

        (MoveState, MoveAction?) Finish(MoveWay way, DateTimeOffset since) => (NotMoving, new MoveAction.Finish(way, now - since));

        (MoveState, MoveAction?) Reconnect(DateTimeOffset since) => (NotMoving, new MoveAction.Reconnect(now - since));
    }
}
