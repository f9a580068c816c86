using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Channels.Effects;
using static Hype.Grains.Channels.Endpoints.MoveState;
using static Hype.Grains.Channels.Endpoints.MoveStimulus;

namespace Hype.Grains.Channels.Endpoints;

/// <summary>
/// Leads a client to its endpoint on another node. It tries three ways in turn; the first one disturbs the client least:
/// <list type="number">
/// <item>the client receives the ICE candidates of the new node and continues its connection with them;</item>
/// <item>the client restarts ICE on the same connection, for browsers that ignore late candidates;</item>
/// <item>the client builds a new connection.</item>
/// </list>
/// The next way begins when the client does not reach the new node in time or reports a failure. An away client is waited for.
/// </summary>
internal sealed class MoveLadder(TimeSpan followTimeout, TimeSpan restartTimeout)
{
    /// <summary>
    /// Returns the state after a stimulus, and the action that the channel must carry out; a stimulus that does not fit the state changes
    /// nothing.
    /// </summary>
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
