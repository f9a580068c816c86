using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Cascade;
using Hype.Grains.Channels;
using Hype.Grains.Channels.Orders;
using Hype.Grains.Channels.Rooms;
using Hype.Grains.Diagnostics;
using Hype.Grains.Tests.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Proto = Hype.MediaNode.Orders.V1;

namespace Hype.Grains.Tests.Channels;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class EffectRunnerTests : IDisposable
{
    private readonly NodesBench _bench = new();
    private readonly FakeTimeProvider _time = new();
    private readonly WantedOrders _wanted = new();
    private readonly Queue<NodeAnswered> _answers = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().AddSingleton<GrainMetrics>().BuildServiceProvider();
    private readonly CancellationTokenSource _gone = new();
    private readonly FakeGate _gate = new();
    private readonly EffectRunner _runner;

    public EffectRunnerTests() => _runner = new EffectRunner(
        NodesBench.Channel,
        _bench.Orders,
        _wanted,
        _answers.Enqueue,
        new BackgroundWork(NodesBench.Channel, NullLogger.Instance),
        _gate,
        _services.GetRequiredService<GrainMetrics>(),
        _time,
        NullLogger.Instance,
        _gone.Token);

    public void Dispose()
    {
        _gone.Dispose();
        _services.Dispose();
    }

    [Test]
    public void Placement_of_a_room_returns_the_opened_room_to_the_channel()
    {
        _runner.Run(NodesBench.Place(3));
        Assert.That(Answer().Room, Is.EqualTo(NodesBench.RoomOn(_bench.A, 3)));
    }

    [Test]
    public async Task Answer_waits_until_the_silo_may_act()
    {
        _gate.Close();
        _runner.Run(NodesBench.Place(3));
        await _gate.Waiting;
        AssertNoAnswer();
        _gate.Open();
        Assert.That(Answer().Outcome, Is.EqualTo(NodeOutcome.Done));
    }

    [Test]
    public async Task Answer_to_a_dead_silo_is_no_input_of_the_channel()
    {
        _gate.Close();
        _runner.Run(NodesBench.Place(3));
        await _gate.Waiting;
        _gate.Lose();
        AssertNoAnswer();
    }

    [Test]
    public void Exception_during_the_placement_of_a_room_returns_the_outcome_failed()
    {
        _bench.GrainA.Failure = new InvalidOperationException();
        _runner.Run(NodesBench.Place(3));
        Assert.That(Answer().Outcome, Is.EqualTo(NodeOutcome.Failed), "a layout must never wait for an answer that does not come");
    }

    [Test]
    public async Task Addition_of_an_endpoint_on_an_unreachable_node_returns_unreachable_after_a_pause()
    {
        var room = await _bench.OpenAsync();
        _bench.A.Alive = false;
        _runner.Run(new AddEndpoint(NodesBench.EndpointIn(room), new EndpointPermissions(true, true)));
        AssertNoAnswer();
        _time.Advance(EffectRunner.RetryPause);
        Assert.That(Answer().Outcome, Is.EqualTo(NodeOutcome.Unreachable));
    }

    [Test]
    public async Task Endpoint_update_is_repeated_until_the_media_node_executes_the_update()
    {
        var room = await MemberInRoomAsync();
        _bench.A.Alive = false;
        _runner.Run(Mute(room));
        _time.Advance(EffectRunner.RetryPause);
        Assert.That(_bench.A.Endpoints.Single().CanSpeak, Is.True);
        _bench.A.Alive = true;
        _time.Advance(EffectRunner.RetryPause);
        Assert.That(_bench.A.Endpoints.Single().CanSpeak, Is.False);
        AssertNoAnswer();
    }

    [Test]
    public async Task Endpoint_update_is_repeated_after_a_failure_of_the_node_with_a_longer_pause_each_time()
    {
        var room = await MemberInRoomAsync();
        _bench.A.Refuse = _ => Proto.OutcomeCode.Failed;
        _runner.Run(Mute(room));
        for (var pause = EffectRunner.RetryPause; pause < EffectRunner.MaxRetryPause; pause *= 2)
        {
            var calls = _bench.GrainA.Calls;
            _time.Advance(pause - TimeSpan.FromMilliseconds(1));
            Assert.That(_bench.GrainA.Calls, Is.EqualTo(calls));
            _time.Advance(TimeSpan.FromMilliseconds(1));
            Assert.That(_bench.GrainA.Calls, Is.EqualTo(calls + 1));
        }

        _bench.A.Refuse = _ => null;
        _time.Advance(EffectRunner.MaxRetryPause);
        Assert.That(_bench.A.Endpoints.Single().CanSpeak, Is.False);
        AssertNoAnswer();
    }

    [Test]
    public async Task Endpoint_removal_is_repeated_after_an_exception_of_the_node_grain()
    {
        var room = await MemberInRoomAsync();
        _bench.GrainA.Failure = new InvalidOperationException();
        _runner.Run(new RemoveEndpoint(room.Epoch, room.Node, new MemberNumber(7)));
        _bench.GrainA.Failure = null;
        _time.Advance(EffectRunner.RetryPause);
        Assert.That(_bench.A.Endpoints, Is.Empty);
    }

    [Test]
    public async Task Failed_endpoint_update_is_not_repeated_when_the_channel_no_longer_needs_the_update()
    {
        var room = await MemberInRoomAsync();
        _bench.A.Alive = _wanted.IsWanted = false;
        _runner.Run(Mute(room));
        var calls = _bench.GrainA.Calls;
        _time.Advance(EffectRunner.RetryPause);
        _time.Advance(EffectRunner.RetryPause);
        Assert.That((_wanted.Asked, _bench.GrainA.Calls), Is.EqualTo((1, calls)));
    }

    [Test]
    public async Task Failed_endpoint_update_is_not_repeated_after_the_deactivation_of_the_channel()
    {
        var room = await MemberInRoomAsync();
        _bench.A.Alive = false;
        _runner.Run(Mute(room));
        var calls = _bench.GrainA.Calls;
        await _gone.CancelAsync();
        _time.Advance(EffectRunner.RetryPause);
        Assert.That(_bench.GrainA.Calls, Is.EqualTo(calls));
    }

    [Test]
    public async Task Update_of_an_endpoint_unknown_to_the_node_returns_UnknownEndpoint_to_the_channel()
    {
        var room = await _bench.OpenAsync();
        _bench.A.Refuse = _ => Proto.OutcomeCode.UnknownEndpoint;
        _runner.Run(Mute(room));
        Assert.That(Answer().Outcome, Is.EqualTo(NodeOutcome.UnknownEndpoint));
    }

    [Test]
    public async Task Endpoint_removal_is_repeated_when_the_media_node_grain_does_not_answer()
    {
        var room = await MemberInRoomAsync();
        _bench.GrainA.Failure = new TimeoutException();
        _runner.Run(new RemoveEndpoint(room.Epoch, room.Node, new MemberNumber(7)));
        _bench.GrainA.Failure = null;
        _time.Advance(EffectRunner.RetryPause);
        Assert.That(_bench.A.Endpoints, Is.Empty);
        AssertNoAnswer();
    }

    [Test]
    public async Task Three_consecutive_unanswered_renewals_of_a_room_report_the_room_as_lost()
    {
        var room = await _bench.OpenAsync();
        Renew(room, EffectRunner.MaxUnansweredRenewals - 1, isAlive: false);
        Renew(room, 1, isAlive: true);
        Renew(room, EffectRunner.MaxUnansweredRenewals - 1, isAlive: false);
        AssertNoAnswer();
        Renew(room, 1, isAlive: false);
        Assert.That(Answer().Outcome, Is.EqualTo(NodeOutcome.Unreachable));
    }

    [Test]
    public async Task Renewal_of_a_room_not_held_by_the_media_node_reports_the_room_as_lost()
    {
        var room = await _bench.OpenAsync();
        _bench.A.Refuse = _ => Proto.OutcomeCode.StaleEpoch;
        _runner.Run(new RenewRoom(room.Epoch, room.Node));
        Assert.That(Answer().Outcome, Is.EqualTo(NodeOutcome.StaleEpoch));
    }

    [Test]
    public async Task Exception_during_a_room_renewal_does_not_report_the_room_as_lost()
    {
        var room = await _bench.OpenAsync();
        _bench.GrainA.Failure = new TimeoutException();
        _runner.Run(new RenewRoom(room.Epoch, room.Node));
        AssertNoAnswer();
    }

    [Test]
    public void Room_verification_is_repeated_until_the_media_node_answers()
    {
        _bench.GrainA.Failure = new InvalidOperationException("its silo is gone");
        _runner.Run(new VerifyRoom(NodesBench.RoomOn(_bench.A, 3)));
        AssertNoAnswer();
        _bench.GrainA.Failure = null;
        _time.Advance(EffectRunner.VerifyPause);
        Assert.That(Answer().Listed, Is.Not.Null);
    }

    [Test]
    public void Room_verification_ends_as_unreachable_after_the_verification_timeout()
    {
        _bench.A.Alive = false;
        _runner.Run(new VerifyRoom(NodesBench.RoomOn(_bench.A, 3)));
        for (var passed = EffectRunner.VerifyPause; passed < EffectRunner.VerifyTimeout; passed += EffectRunner.VerifyPause)
            _time.Advance(EffectRunner.VerifyPause);
        AssertNoAnswer();
        _time.Advance(EffectRunner.VerifyPause);
        Assert.That(Answer().Outcome, Is.EqualTo(NodeOutcome.Unreachable));
    }

    [Test]
    public void Room_verification_ends_when_the_media_node_does_not_hold_the_room()
    {
        _bench.A.Refuse = _ => Proto.OutcomeCode.StaleEpoch;
        _runner.Run(new VerifyRoom(NodesBench.RoomOn(_bench.A, 3)));
        _time.Advance(EffectRunner.VerifyPause);
        Assert.That(Answer().Outcome, Is.EqualTo(NodeOutcome.StaleEpoch));
    }

    [Test]
    public async Task Closing_of_a_room_returns_no_answer_to_the_channel()
    {
        var room = await _bench.OpenAsync();
        _runner.Run(new CloseRoom(room.Epoch, room.Node));
        Assert.That(_bench.A.Rooms, Is.Empty);
        AssertNoAnswer();
    }

    [Test]
    public void Failed_creation_of_a_room_link_returns_the_outcome_to_the_channel()
    {
        var (low, high) = (NodesBench.RoomOn(_bench.A, 3), NodesBench.RoomOn(_bench.B, 4));
        _runner.Run(new LinkRooms(new RoomPair(low.Epoch, high.Epoch), "link", low, high, null));
        Assert.That(Answer().Outcome, Is.EqualTo(NodeOutcome.UnknownRoom));
    }

    private static UpdateEndpoint Mute(Room room) => new(NodesBench.EndpointIn(room), new EndpointPermissions(false, true));

    private async Task<Room> MemberInRoomAsync()
    {
        var room = await _bench.OpenAsync();
        await _bench.AddAsync(room);
        return room;
    }

    private void Renew(Room room, int times, bool isAlive)
    {
        _bench.A.Alive = isAlive;
        for (var i = 0; i < times; i++)
            _runner.Run(new RenewRoom(room.Epoch, room.Node));
    }

    private NodeAnswered Answer()
    {
        Assert.That(_answers, Has.Count.EqualTo(1));
        return _answers.Dequeue();
    }

    private void AssertNoAnswer() => Assert.That(_answers, Is.Empty);

    private sealed class WantedOrders : IWantedOrders
    {
        public bool IsWanted { get; set; } = true;

        public int Asked { get; private set; }

        public bool Wants(UpdateEndpoint update) => Ask();

        public bool Wants(RemoveEndpoint remove) => Ask();

        private bool Ask()
        {
            Asked++;
            return IsWanted;
        }
    }
}
