using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Abstractions.Participants;
using Hype.Grains.Cascade;
using Hype.Grains.Channels;
using Hype.Grains.Channels.Effects;
using Hype.Grains.Channels.Inputs;
using Hype.Grains.Channels.Options;
using Hype.Grains.Channels.Orders;

namespace Hype.Grains.Tests.Channels;

/// <summary>
/// Runs one channel with simulated media nodes through a list of inputs, and checks the invariants after each step. At the end all nodes
/// start and execute all orders; then the channel must be in the mode that the mode rule demands.
/// </summary>
internal sealed class ChannelLife
{
    private readonly ChannelOptions _options;
    private readonly LifeTally _reached;
    private readonly Dictionary<SessionId, string?> _gateways = [];
    private readonly HashSet<MemberNumber> _numbers = [];
    private readonly Queue<NodeOrder> _orders = new();
    private readonly Nodes _nodes = new();
    private readonly Dictionary<MemberNumber, Participant> _replica = [];

    private ChannelMachine _machine;
    private ChannelSettings _settings = ChannelSettings.Default;
    private DateTimeOffset _now = DateTimeOffset.UnixEpoch.AddYears(56);
    private long _incarnation = 1;
    private long _version;
    private LayoutEpoch _newest;
    private LayoutEpoch _current;
    private bool _pairFailed;

    public ChannelLife(ChannelOptions options, LifeTally? reached = null)
    {
        _options = options;
        _reached = reached ?? new LifeTally();
        _machine = new ChannelMachine(MachineBench.Channel, _options, _settings, _incarnation, _now);
    }

    public void Live(IEnumerable<ChannelInput> inputs)
    {
        foreach (var input in inputs)
        {
            Apply(input);
            CheckInvariants();
        }

        CalmDown();
        CheckAtRest();
    }

    private void Apply(ChannelInput input)
    {
        switch (input)
        {
            case Join join:
                ApplyJoin(join);
                break;
            case Resume resume:
                ApplyResume(resume);
                break;
            case Detach detach when _gateways.TryGetValue(detach.Session, out var gateway):
                Step(detach with { GatewayId = gateway ?? detach.GatewayId });
                break;
            case Ready ready:
                Step(ready with { Layout = Resolve(ready.Layout) });
                break;
            case SetServerMute mute:
                Step(mute with { Number = Resolve(mute.Number) });
                break;
            case SetGrants set:
                Step(set with { Number = Resolve(set.Number) });
                break;
            case AnswerRefused refused:
                var accept = MachineBench.AcceptAnswer(Resolve(refused.Layout), Resolve(refused.Number));
                Step(new NodeAnswered(accept, NodeOutcome.UnknownEndpoint));
                break;
            case ConnectionFailed failed when _gateways.ContainsKey(failed.Session):
                _reached.PairFailures++;
                _pairFailed = true;
                Step(failed with { Layout = Resolve(failed.Layout), Peer = failed.Peer is { } peer ? Resolve(peer) : null });
                break;
            case UpdateSettings update:
                _settings = update.Settings;
                Step(update);
                break;
            case RequestLayout request:
                if (Step(request).Error == VoiceError.None)
                    Assert.That(_machine.Count, Is.GreaterThan(0));
                break;
            case NodeLost lost:
                _reached.NodesLost++;
                _nodes.Kill(lost.Node);
                Step(lost);
                break;
            case NodeDraining draining:
                _nodes.Drain(draining.Node);
                Step(draining);
                break;
            case Attach attach:
                Step(attach);
                foreach (var session in attach.Sessions.Where(_gateways.ContainsKey))
                    _gateways[session] = attach.GatewayId;
                break;
            case Pass pass:
                PassTime(pass.Time);
                break;
            case PassToDeadline:
                PassTimeToDeadline();
                break;
            case StartNode start:
                _nodes.Start(start.Node);
                break;
            case NodesAnswer answer:
                AnswerOrders(answer.Count, new Random(answer.Seed));
                break;
            case NodesReport report:
                ReportEvents(new Random(report.Seed));
                break;
            case FailEndpoint fail when _gateways.ContainsKey(fail.Session):
                ApplyFailure(fail);
                break;
            case Restart:
                ReactivateGrain();
                break;
            case RestartInDrain drain:
                RestartInDrain(drain);
                break;
            case Detach or ConnectionFailed or FailEndpoint:
                // The session never joined, or is over.
                break;
            default:
                Step(input);
                break;
        }
    }

    private LayoutEpoch Resolve(LayoutEpoch offset) => new(Math.Max(0, _newest.Value + offset.Value));

    private MemberNumber Resolve(MemberNumber index) =>
        _machine.Snapshot().Participants is { Length: > 0 } members ? members[(int)(index.Value % members.Length)].Number : index;

    private void ApplyJoin(Join join)
    {
        var before = _machine.Count;
        var admitted = _machine.Find(join.Admission.Session) is { } present && !(present.AwayUntil <= _now) ? present : null;
        var (_, error, member) = Step(join);
        if (error == VoiceError.ChannelFull)
        {
            _reached.Refused++;
            Assert.That(before, Is.GreaterThanOrEqualTo(_machine.Limit), "a join was refused although the channel was not full");
            return;
        }

        if (admitted is not null && error == VoiceError.Unavailable)
        {
            Assert.That(_machine.Find(join.Admission.Session), Is.Null, "a repeated attempt was refused although its seat is there");
            return;
        }

        Assert.That(error, Is.EqualTo(VoiceError.None));
        Assert.That(
            _machine.Count,
            Is.LessThanOrEqualTo(Math.Max(before, _machine.Limit)),
            "a join was accepted although the channel was full");
        if (admitted is not null)
        {
            Assert.That(member!.Number, Is.EqualTo(admitted.Number), "a repeated attempt got another seat");
            _gateways[member.Session] = join.Admission.GatewayId;
            return;
        }

        Assert.That(_numbers.Add(member!.Number), "a number was assigned twice");
        var snapshot = _machine.Snapshot();
        if (_machine.Find(member.Session) is not null)
        {
            Assert.That(
                member.Participant.SinceEpoch,
                Is.EqualTo((snapshot.Pending ?? snapshot.Current).Epoch),
                "the joining member builds another layout than its snapshot has");
        }

        if (snapshot.Pending is not null)
            _reached.JoinedPending++;
        _gateways[member.Session] = join.Admission.GatewayId;
    }

    private void ApplyResume(Resume resume)
    {
        var isThere = _machine.Find(resume.Session) is { } member && !(member.AwayUntil <= _now);
        var isRight = resume.TokenHash.SequenceEqual(ChannelInputs.Token(resume.Session));
        var error = Step(resume).Error;
        Assert.That(error, Is.EqualTo(isThere && isRight ? VoiceError.None : VoiceError.SessionExpired));
        if (error == VoiceError.None)
            _gateways[resume.Session] = resume.GatewayId;
    }

    private void ApplyFailure(FailEndpoint fail)
    {
        if (_machine.Find(fail.Session) is not { Number: var number })
            return;
        var random = new Random(fail.Seed);
        var epoch = Resolve(new LayoutEpoch(-random.Next(2)));
        for (var times = fail.Times; times > 0; times--)
        {
            var closed = new EndpointClosed(number, fail.Reason) { Channel = MachineBench.Channel, Epoch = epoch.AsRoomEpoch };
            Step(new NodeReported(Nodes.All[random.Next(Nodes.All.Length)], [closed]));
            Step(new Answered(fail.Session, epoch));
            Step(new ConnectionFailed(fail.Session, epoch, null));
            AnswerOrders(3, random);
        }
    }

    private void ReactivateGrain()
    {
        _reached.Restarts++;
        var checkpoint = _machine.Checkpoint();
        _orders.Clear();
        _nodes.Restart(checkpoint.Rooms.Select(room => (room.Node, room.Epoch)));
        _machine = new ChannelMachine(MachineBench.Channel, _options, _settings, ++_incarnation, _now, checkpoint);
        _replica.Clear();
        foreach (var participant in _machine.Snapshot().Participants)
            _replica[participant.Number] = participant;
        _version = checkpoint.RosterVersion;
        Step(new Tick());
        foreach (var session in _gateways.Keys)
            _gateways[session] = null;
    }

    private void RestartInDrain(RestartInDrain drain)
    {
        var random = new Random(drain.Seed);
        Apply(new NodeDraining(drain.Node));
        AnswerOrders(random.Next(20), random);
        ReactivateGrain();
        Apply(new Attach("g1", [.. _gateways.Keys]));
        AnswerOrders(random.Next(20), random);
        Apply(new NodeDraining(drain.Node));
    }

    private void PassTimeToDeadline()
    {
        if (_machine.NextDeadline is { } deadline)
            PassTime(deadline > _now ? deadline - _now : TimeSpan.Zero);
    }

    private void PassTime(TimeSpan time)
    {
        _now += time;
        Step(new Tick());
        Assert.That(
            _machine.NextDeadline is null || _machine.NextDeadline > _now,
            "a deadline is overdue after a tick: its timer would never rest");
    }

    /// <summary>Lets the nodes execute a number of pending orders, the oldest first.</summary>
    /// <param name="random">Makes some orders fail; null: none fails.</param>
    private void AnswerOrders(int count, Random? random)
    {
        while (count-- > 0 && _orders.TryDequeue(out var order))
        {
            if (_nodes.Execute(order, _options.PortableTransports, random, _reached) is { } answer)
                Step(answer);
        }
    }

    private void ReportEvents(Random? random)
    {
        foreach (var (node, roomEvent) in _nodes.Events(random))
            Step(new NodeReported(node, [roomEvent]));
    }

    private void CalmDown()
    {
        _nodes.StartAll();
        // Long enough for every window, delay and retry; the deadlines drive it.
        var end = _now + TimeSpan.FromMinutes(5);
        for (var rounds = 0; ; rounds++)
        {
            Assert.That(rounds, Is.LessThan(2000), "the channel never comes to rest");
            AnswerOrders(int.MaxValue, random: null);
            ReportEvents(random: null);
            foreach (var session in _gateways.Keys)
            {
                if (_machine.Find(session) is { Away: false })
                    Step(new Ready(session, _newest));
            }

            // The node's grain repeats this notification.
            foreach (var node in _nodes.Draining)
                Step(new NodeDraining(node));
            CheckInvariants();
            if (_orders.Count > 0)
                continue;
            if (_machine.NextDeadline is not { } deadline || deadline > end)
                break;
            PassTimeToDeadline();
        }
    }

    private void CheckInvariants()
    {
        var snapshot = _machine.Snapshot();
        Assert.That(snapshot.Current.Epoch, Is.GreaterThanOrEqualTo(_current), "the epoch went back");
        _current = snapshot.Current.Epoch;
        if (snapshot.Pending is { } pending)
            Assert.That(pending.Epoch, Is.GreaterThan(_current), "a pending layout is not newer than the current one");
        foreach (var participant in snapshot.Participants)
        {
            var isInCurrent = participant.SinceEpoch <= snapshot.Current.Epoch;
            Assert.That(isInCurrent || snapshot.Pending is not null, $"member {participant.Number} is in no layout");
        }
    }

    private void CheckAtRest()
    {
        var snapshot = _machine.Snapshot();
        var count = snapshot.Participants.Length;
        Assert.That(snapshot.Pending, Is.Null, "a switch never ended");
        Assert.That(
            _nodes.Rooms,
            Is.EquivalentTo(snapshot.Rooms.Select(room => (room.Node, room.Epoch))),
            "the rooms of the nodes are not the rooms of the channel");
        if (count == 0)
            return;
        Assert.That(_nodes.Rooms.Where(room => _nodes.Draining.Contains(room.Node)), Is.Empty, "a room stayed on a draining node");
        Assert.That(
            _nodes.Links,
            Is.EquivalentTo(CascadePlanner.Links(snapshot.Rooms.Select(room => room.Epoch))),
            "links are missing, or too many");
        if (snapshot.Current.Mode == ChannelMode.Sfu)
        {
            Assert.That(
                _nodes.Endpoints.Order(),
                Is.EqualTo(snapshot.Participants.Select(participant => participant.Number)),
                "a member has no endpoint or two, or an endpoint has no member");
        }

        Assert.That(
            snapshot.Participants.Select(participant => participant.SinceEpoch),
            Is.All.LessThanOrEqualTo(snapshot.Current.Epoch),
            "a member is not in the committed layout");
        Assert.That(
            _replica.Values.OrderBy(participant => participant.Number),
            Is.EqualTo(snapshot.Participants),
            "the diffs do not add up to the roster");
        Assert.That(snapshot.Rooms.Length, snapshot.Current.Mode == ChannelMode.Sfu ? Is.GreaterThan(0) : Is.Zero);
        CheckMode(snapshot.Current.Mode, count);
    }

    private void CheckMode(ChannelMode mode, int count)
    {
        if (_settings.Mode == ModePolicy.P2P && count <= 2 * _options.P2PThreshold)
            Assert.That(mode, Is.EqualTo(ChannelMode.P2P));
        else if (_settings.Mode == ModePolicy.Sfu)
            Assert.That(mode, Is.EqualTo(ChannelMode.Sfu));
        else if (count > _options.P2PThreshold)
            Assert.That(mode, Is.EqualTo(ChannelMode.Sfu), "too many members for a mesh");
        else if (count <= _options.ReturnThreshold && !_pairFailed)
            Assert.That(mode, Is.EqualTo(ChannelMode.P2P), "few enough members for a mesh");
    }

    private StepResult Step(ChannelInput input)
    {
        var result = _machine.Step(input, _now);
        foreach (var effect in result.Effects)
            Observe(effect);
        if (_machine.Current.Epoch > _newest)
            _newest = _machine.Current.Epoch;
        if (_machine.Count == 0)
            _pairFailed = false;
        return result;
    }

    private void Observe(ChannelEffect effect)
    {
        switch (effect)
        {
            case PublishToAll { Event: RosterChanged change }:
                Assert.That(change.Version, Is.EqualTo(_version + 1), "a version of the roster is missing");
                _version = change.Version;
                foreach (var participant in change.Joined.Concat(change.Changed))
                    _replica[participant.Number] = participant;
                foreach (var left in change.Left)
                    _replica.Remove(left.Number);
                _reached.Expired += change.Left.Count(left => left.Reason == LeaveReason.TimedOut);
                _reached.MediaUnavailable += change.Left.Count(left => left.Reason == LeaveReason.MediaUnavailable);
                break;
            case PublishToAll { Event: LayoutOpened opened }:
                Assert.That(
                    opened.Layout.Mode == ChannelMode.P2P && _settings.Mode == ModePolicy.Sfu,
                    Is.False,
                    "a mesh shows addresses that the policy hides");
                Assert.That(opened.Layout.Epoch, Is.GreaterThan(_newest), "an opened layout is not the newest");
                if (_newest > _current)
                    _reached.Superseded++;
                _newest = opened.Layout.Epoch;
                break;
            case PublishToAll { Event: LayoutCommitted committed }:
                Assert.That(committed.Layout.Epoch, Is.EqualTo(_newest), "a committed layout is not the newest");
                _reached.Commits++;
                break;
            case EndSession end:
                _gateways.Remove(end.Session);
                break;
            case NodeOrder order:
                _nodes.Check(order);
                _orders.Enqueue(order);
                break;
        }
    }
}
