using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Channels.Effects;
using Hype.Grains.Channels.Endpoints;

namespace Hype.Grains.Tests.Channels.Endpoints;

/// <summary>Tests each state of an endpoint's move with each stimulus.</summary>
public sealed class MoveLadderTests
{
    private static readonly TimeSpan Follow = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Restart = TimeSpan.FromSeconds(5);
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch.AddYears(56);
    private static readonly DateTimeOffset Now = Start + TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Took = Now - Start;

    private static readonly SfuOffer To = MachineBench.Offer(new LayoutEpoch(1));
    private static readonly SfuOffer Restarted = To with { IceUfrag = "restarted", Restart = true };

    private static readonly MoveState None = MoveState.NotMoving;
    private static readonly MoveState Reviving = new MoveState.Reviving(Start);
    private static readonly MoveState Client = new MoveState.AwaitingClient(Start, To, Now);
    private static readonly MoveState RestartingIce = new MoveState.RestartingIce(Start, Now);
    private static readonly MoveState IceRestart = new MoveState.AwaitingRestart(Start, Restarted, Now);

    private static readonly MoveState[] States = [None, Reviving, Client, RestartingIce, IceRestart];

    private static readonly MoveStimulus[] Stimuli =
    [
        new MoveStimulus.Started(),
        new MoveStimulus.Revived(To),
        new MoveStimulus.IceRestarted(Restarted),
        new MoveStimulus.ClientFailed(Answered: true),
        new MoveStimulus.ClientFailed(Answered: false),
        new MoveStimulus.ClientReturned(),
        new MoveStimulus.Overdue(Away: false),
        new MoveStimulus.Overdue(Away: true),
        new MoveStimulus.Connected(),
    ];

    /// <summary>All transitions of a move. A stimulus that is not in the table for a state must change nothing.</summary>
    private static readonly (MoveState From, MoveStimulus Stimulus, MoveState To, MoveAction? Action)[] Table =
    [
        (None, new MoveStimulus.Started(), new MoveState.Reviving(Now), null),
        (Reviving, new MoveStimulus.Started(), new MoveState.Reviving(Now), null),
        (Client, new MoveStimulus.Started(), new MoveState.Reviving(Now), null),
        (RestartingIce, new MoveStimulus.Started(), new MoveState.Reviving(Now), null),
        (IceRestart, new MoveStimulus.Started(), new MoveState.Reviving(Now), null),

        (Reviving, new MoveStimulus.Revived(To), new MoveState.AwaitingClient(Start, To, Now + Follow), new MoveAction.NotifyClient(To)),
        (Reviving, new MoveStimulus.Connected(), None, null),

        (
            Client,
            new MoveStimulus.ClientReturned(),
            new MoveState.AwaitingClient(Start, To, Now + Follow),
            new MoveAction.NotifyClient(To)),
        (Client, new MoveStimulus.ClientFailed(true), new MoveState.RestartingIce(Start, Now + Restart), new MoveAction.RestartIce(To)),
        (Client, new MoveStimulus.ClientFailed(false), new MoveState.RestartingIce(Start, Now + Restart), new MoveAction.RestartIce(To)),
        (Client, new MoveStimulus.Overdue(false), new MoveState.RestartingIce(Start, Now + Restart), new MoveAction.RestartIce(To)),
        (Client, new MoveStimulus.Overdue(true), new MoveState.AwaitingClient(Start, To, null), null),
        (Client, new MoveStimulus.Connected(), None, new MoveAction.Finish(MoveWay.Candidate, Took)),

        (
            RestartingIce,
            new MoveStimulus.IceRestarted(Restarted),
            new MoveState.AwaitingRestart(Start, Restarted, Now + Restart),
            new MoveAction.OfferRestart(Restarted)),
        (RestartingIce, new MoveStimulus.Overdue(false), None, new MoveAction.Reconnect(Took)),
        (RestartingIce, new MoveStimulus.Overdue(true), new MoveState.RestartingIce(Start, null), null),
        (RestartingIce, new MoveStimulus.Connected(), None, new MoveAction.Finish(MoveWay.Candidate, Took)),

        (
            IceRestart,
            new MoveStimulus.ClientReturned(),
            new MoveState.AwaitingRestart(Start, Restarted, Now + Restart),
            new MoveAction.OfferRestart(Restarted)),
        (IceRestart, new MoveStimulus.ClientFailed(true), None, new MoveAction.Reconnect(Took)),
        (IceRestart, new MoveStimulus.Overdue(false), None, new MoveAction.Reconnect(Took)),
        (IceRestart, new MoveStimulus.Overdue(true), new MoveState.AwaitingRestart(Start, Restarted, null), null),
        (IceRestart, new MoveStimulus.Connected(), None, new MoveAction.Finish(MoveWay.IceRestart, Took)),
    ];

    private static IEnumerable<TestCaseData> Cases =>
        from state in States
        from stimulus in Stimuli
        select new TestCaseData(state, stimulus).SetArgDisplayNames(state.GetType().Name, stimulus.ToString());

    [TestCaseSource(nameof(Cases))]
    public void Each_stimulus_in_each_move_state_causes_the_transition_and_action_of_the_test_table(object from, object stimulus)
    {
        var (state, action) = new MoveLadder(Follow, Restart).Step((MoveState)from, (MoveStimulus)stimulus, Now);
        var expected = Table.Where(row => row.From.Equals(from) && row.Stimulus.Equals(stimulus)).ToArray();
        Assert.That(expected, Has.Length.LessThanOrEqualTo(1));
        Assert.That(state, Is.EqualTo(expected is [var row] ? row.To : from));
        Assert.That(action, Is.EqualTo(expected is [var same] ? same.Action : null));
    }

    [Test]
    public void Move_state_has_a_deadline_only_while_waiting_for_the_client() =>
        Assert.That(States.Select(state => state.Deadline), Is.EqualTo(new DateTimeOffset?[] { null, null, Now, Now, Now }));
}
