using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Abstractions.Participants;
using Hype.Grains.Cascade;
using Hype.Grains.Channels;
using Hype.Grains.Channels.Members;

namespace Hype.Grains.Tests.Channels;

/// <summary>
/// Thousands of random lives of a channel, each reproducible by the seed that a failure names. In every step the invariants
/// are held; at the end the world calms down (nodes come back, everyone answers) and the channel must be where its rule wants it.
/// </summary>
public sealed class ChannelPropertyTests
{
    [Test]
    public void Whatever_happens_the_channel_ends_in_the_mode_its_rule_wants_with_everyone_in_one_layout()
    {
        const int lives = 5000;
        var seen = new Tally();
        for (var seed = 1; seed <= lives; seed++)
        {
            try
            {
                new Life(seed, seen).Live();
            }
            catch (Exception exception)
            {
                Assert.Fail($"Seed {seed}: {exception}");
            }
        }

        // The generator must reach what it is there for.
        TestContext.Out.WriteLine(seen);
        Assert.That(
            new[] { seen.Commits, seen.Superseded, seen.NodesLost, seen.Expired, seen.Refused, seen.PairFailures, seen.NoNode, seen.JoinedPending, seen.Restarts, seen.MediaUnavailable, seen.HandedOver, seen.Shared, seen.Linked },
            Is.All.GreaterThan(100));
        Assert.That(new[] { seen.Revived, seen.IceRestarts }, Is.All.GreaterThan(20));
    }

    private sealed record Tally
    {
        public int Commits, Superseded, NodesLost, Expired, Refused, PairFailures, NoNode, JoinedPending, Restarts, MediaUnavailable, Revived, HandedOver, IceRestarts, Shared, Linked;
    }

    private sealed class Life
    {
        private readonly Random _random;
        private readonly Tally _seen;
        private readonly ChannelOptions _options;
        private readonly Dictionary<SessionId, (MemberNumber Number, byte[] Token, string? Gateway)> _people = [];
        private readonly HashSet<MemberNumber> _numbersGiven = [];
        private readonly Queue<ChannelEffect> _world = new();
        private readonly Nodes _nodes;
        private readonly Dictionary<MemberNumber, Participant> _mirror = [];

        private ChannelMachine _machine;
        private ChannelSettings _settings = ChannelSettings.Default;
        private DateTimeOffset _now = DateTimeOffset.UnixEpoch.AddYears(56);
        private long _incarnation = 1;
        private long _version;
        private int _highestEpoch;
        private int _currentEpoch;
        private int _pairFailedIn;

        public Life(int seed, Tally seen)
        {
            _random = new Random(seed);
            _seen = seen;
            _options = new ChannelOptions
            {
                P2PThreshold = _random.Next(1, 5),
                ReturnThreshold = 1,
                MaxParticipants = _random.Next(2, 9),
                RosterBatchAbove = _random.Next(2) == 0 ? 50 : 2,
                PortableTransports = _random.Next(4) > 0,
                RoomCapacity = _random.Next(3) == 0 ? 2 : 500,
            };
            _nodes = new Nodes(_random);
            _machine = new ChannelMachine(MachineBench.Channel, _options, _settings, _incarnation, _now);
        }

        public void Live()
        {
            for (var steps = _random.Next(20, 120); steps > 0; steps--)
            {
                Step();
                CheckAlways();
            }

            CalmDown();
            CheckAtRest();
        }

        private void Step()
        {
            switch (_random.Next(29))
            {
                case 0 or 1 or 2 or 3: Join(); break;
                case 4: Leave(); break;
                case 5: Detach(); break;
                case 6: Resume(); break;
                case 7 or 8 or 9: Ready(); break;
                case 10: Pass(TimeSpan.FromMilliseconds(_random.Next(1, 40_000))); break;
                case 11: PassToDeadline(); break;
                case 12: FailPair(); break;
                case 13: FailEndpoint(); break;
                case 14: KillNode(); break;
                case 15: _nodes.Start(AnyNode()); break;
                case 20: Drain(); break;
                case 21 or 22 or 23 or 24: Happen(); break;
                case 16: ChangeSettings(); break;
                case 17: Request(); break;
                case 18: LoseGateway(); break;
                case 19 when _random.Next(4) == 0: Restart(); break;
                default: Work(_random.Next(1, 6)); break;
            }

            Do(_ => { });
        }

        private void Join()
        {
            var before = _machine.Count;
            var session = SessionId.New();
            var (token, hash) = ResumeToken.Create(session);
            var identity = $"person-{_random.Next(12)}";
            var known = _machine.FindIdentity(identity);
            var gateway = AnyGateway();
            var (error, member) = _machine.Join(
                new Admission(session, hash, identity, identity, Grants.Join | Grants.Speak | Grants.Listen, gateway, _random.Next(3) == 0 ? Nodes.Far : MachineBench.Local), _now);
            if (error == VoiceError.ChannelFull)
            {
                _seen.Refused++;
                Assert.That(before, Is.GreaterThanOrEqualTo(_machine.Limit), "refused although there was room");
                Collect();
                return;
            }

            Assert.That(error, Is.EqualTo(VoiceError.None));
            // Whoever was in the way (the same person, or people whose time was over) is gone already.
            Assert.That(known is null && _machine.Count > _machine.Limit, Is.False, "admitted above the limit");
            Assert.That(_numbersGiven.Add(member!.Number), "a number was given twice");
            var snapshot = _machine.Snapshot();
            Assert.That(member.Line.SinceEpoch, Is.EqualTo((snapshot.Pending ?? snapshot.Current).Epoch), "the newcomer builds another layout than it is told");
            if (snapshot.Pending is not null)
                _seen.JoinedPending++;
            _people[session] = (member.Number, hash, gateway);
            Collect();
            Assert.That(token, Does.StartWith(session.ToString()));
        }

        private void Leave() => With(session => Do(machine => machine.Leave(session, LeaveReason.Left, _now)));

        private void Detach() => With(session => Do(machine => machine.Detach(session, _people[session].Gateway ?? "nobody", _now)));

        private void Resume() => With(session =>
        {
            var there = _machine.Find(session) is { } member && !(member.AwayUntil <= _now);
            var error = VoiceError.None;
            var right = _random.Next(5) > 0;
            Do(machine => error = machine.Resume(session, right ? _people[session].Token : new byte[32], "g2", _now).Error);
            Assert.That(error, Is.EqualTo(there && right ? VoiceError.None : VoiceError.SessionExpired));
            if (error == VoiceError.None)
                _people[session] = _people[session] with { Gateway = "g2" };
        });

        private void Ready() => With(session => Do(machine => machine.Ready(session, new LayoutEpoch(Math.Max(0, _highestEpoch - (_random.Next(4) == 0 ? _random.Next(-2, 3) : 0))), _now)));

        private void FailPair() => With(session =>
        {
            if (_random.Next(3) > 0)
                return;

            var epoch = _highestEpoch - _random.Next(2);
            var peer = _people[_people.Keys.ElementAt(_random.Next(_people.Count))].Number;
            _seen.PairFailures++;
            Do(machine => machine.ConnectionFailed(session, new LayoutEpoch(epoch), peer, _now));
            _pairFailedIn = _currentEpoch;
        });

        private void FailEndpoint() => With(session =>
        {
            var number = _people[session].Number;
            var epoch = _highestEpoch - _random.Next(2);
            for (var tries = _random.Next(1, 6); tries > 0; tries--)
            {
                var closed = new EndpointClosed(number, (EndpointCloseReason)_random.Next(5)) { Channel = MachineBench.Channel, Epoch = new RoomEpoch(epoch) };
                Do(machine => machine.NodeReported(AnyNode(), [closed], _now));
                Do(machine => machine.Answered(session, new LayoutEpoch(epoch)));
                Do(machine => machine.ConnectionFailed(session, new LayoutEpoch(epoch), null, _now));
                Work(3);
            }
        });

        private void KillNode()
        {
            var node = AnyNode();
            _nodes.Kill(node);
            Do(machine => machine.NodeLost(node, _now - TimeSpan.FromSeconds(_random.Next(8)), _now - TimeSpan.FromSeconds(_random.Next(60)), _now));
            _seen.NodesLost++;
        }

        private void Drain()
        {
            var node = AnyNode();
            _nodes.Drain(node);
            Do(machine => machine.NodeDraining(node, _now));
        }

        /// <summary>Something happens at the nodes: clients connect, tickets are handed out, links break.</summary>
        private void Happen()
        {
            foreach (var (node, roomEvent) in _nodes.Events(all: false))
                Do(machine => machine.NodeReported(node, [roomEvent], _now));
        }

        private void ChangeSettings()
        {
            _settings = _settings with
            {
                Mode = _random.Next(3) > 0 ? ModePolicy.Auto : (ModePolicy)_random.Next(3),
                MaxParticipants = _random.Next(2) == 0 ? null : _random.Next(1, 9),
            };
            Do(machine => machine.UpdateSettings(_settings, _now));
        }

        private void Request()
        {
            var mode = (ChannelMode)_random.Next(2);
            var error = VoiceError.None;
            Do(machine => error = machine.RequestLayout(mode, ModeReason.Requested, _now));
            if (error == VoiceError.None)
                Assert.That(_machine.Count, Is.GreaterThan(0));
        }

        private void LoseGateway() => Do(machine => machine.GatewayLost(AnyGateway(), _now));

        /// <summary>The silo dies: what was not stored is forgotten, what was on its way is lost, rooms live on at their nodes.</summary>
        private void Restart()
        {
            _seen.Restarts++;
            var checkpoint = _machine.Checkpoint();
            _world.Clear();
            // A room that its channel does not renew is closed by the node's grain.
            _nodes.CloseUnless(room => checkpoint.Rooms.Any(known => known.Node == room.Node && known.Epoch == room.Epoch));
            _machine = new ChannelMachine(MachineBench.Channel, _options, _settings, ++_incarnation, _now, checkpoint);
            _mirror.Clear();
            foreach (var participant in _machine.Snapshot().Participants)
                _mirror[participant.Number] = participant;
            // What the last incarnation told is not told again.
            _version = checkpoint.RosterVersion;
            Collect(restarted: true);
            foreach (var session in _people.Keys)
                _people[session] = _people[session] with { Gateway = null };
        }

        private void PassToDeadline()
        {
            if (_machine.NextDeadline is { } deadline)
                Pass(deadline > _now ? deadline - _now : TimeSpan.Zero);
        }

        private void Pass(TimeSpan time)
        {
            _now += time;
            Do(machine => machine.Tick(_now));
            Assert.That(_machine.NextDeadline is null || _machine.NextDeadline > _now, "something is overdue: its timer would never rest");
        }

        /// <summary>Does some of what the channel asked for, in the order it asked, with luck or without.</summary>
        private void Work(int count, bool lucky = false)
        {
            while (count-- > 0 && _world.TryDequeue(out var effect))
            {
                switch (effect)
                {
                    case PlaceRoom place:
                        if (_nodes.Place(place, lucky) is not { } room)
                        {
                            _seen.NoNode++;
                            Do(machine => machine.PlacementFailed(place.Layout, place.Region, _now));
                            break;
                        }

                        _seen.Shared += place.Present.Contains(room) ? 1 : 0;
                        Do(machine => machine.RoomOpened(place.Layout, place.Region, room, _now));
                        break;
                    case VerifyRoom verify when _nodes.List(verify.Room, _options.PortableTransports) is { } listed:
                        Do(machine => machine.RoomVerified(verify.Room, listed, _now));
                        break;
                    case VerifyRoom verify:
                        Do(machine => machine.RoomLost(verify.Room.Epoch, verify.Room.Node, _now));
                        break;
                    case CloseRoom close:
                        _nodes.Close(close);
                        break;
                    case AddEndpoint add when !_nodes.Has(add.Room):
                        Do(machine => machine.RoomLost(add.Room.Epoch, add.Room.Node, _now));
                        break;
                    case AddEndpoint add when !lucky && _random.Next(12) == 0:
                        Do(machine => machine.EndpointRefused(add.Layout, add.Room, add.Member.Number, add.Generation, _now));
                        break;
                    case AddEndpoint add:
                        _nodes.Add(add.Room, add.Member.Number);
                        Do(machine => machine.EndpointAdded(add, MachineBench.Offer(add.Layout), _now));
                        break;
                    case ReviveEndpoint revive when _nodes.Revive(revive.Room, revive.Member.Number, revive.Ticket):
                        _seen.Revived++;
                        Do(machine => machine.EndpointRevived(revive.Layout, revive.Room, revive.Member.Number, revive.Generation, MachineBench.Offer(revive.Layout), _now));
                        break;
                    case ReviveEndpoint revive:
                        Do(machine => machine.EndpointRefused(revive.Layout, revive.Room, revive.Member.Number, revive.Generation, _now));
                        break;
                    case HandOver hand when _nodes.Release(hand.From, hand.Member.Number) is { } ticket && _nodes.Revive(hand.Room, hand.Member.Number, ticket):
                        _seen.HandedOver++;
                        Do(machine => machine.EndpointRevived(hand.Layout, hand.Room, hand.Member.Number, hand.Generation, MachineBench.Offer(hand.Layout), _now));
                        break;
                    case HandOver hand:
                        Do(machine => machine.EndpointRefused(hand.Layout, hand.Room, hand.Member.Number, hand.Generation, _now));
                        break;
                    case RestartIce restart when _nodes.Has(restart.Room) && _random.Next(4) > 0:
                        _seen.IceRestarts++;
                        Do(machine => machine.IceRestarted(restart.Layout, restart.Room, restart.Number, restart.Generation, restart.Transport with { Restart = true }, _now));
                        break;
                    case RestartIce restart:
                        Do(machine => machine.EndpointRefused(restart.Layout, restart.Room, restart.Number, restart.Generation, _now));
                        break;
                    case UpdateEndpoint update when !_nodes.Has(update.Room, update.Member.Number) && _machine.IsAt(update):
                        Do(machine => machine.EndpointLost(update.Layout, update.Member.Number, _now));
                        break;
                    case RemoveEndpoint remove:
                        _nodes.Remove(remove);
                        break;
                    case LinkRooms link when _nodes.Link(link):
                        _seen.Linked++;
                        Do(machine => machine.Linked(link.Pair, link.Name, _now));
                        break;
                    case LinkRooms link:
                        Do(machine => machine.LinkFailed(link.Pair, _now));
                        break;
                    case UnlinkRoom unlink:
                        _nodes.Unlink(unlink);
                        break;
                }
            }
        }

        private void CalmDown()
        {
            _nodes.StartAll();
            // Long enough for every window, delay and retry; the deadlines drive it.
            var end = _now + TimeSpan.FromMinutes(5);
            for (var rounds = 0; ; rounds++)
            {
                Assert.That(rounds, Is.LessThan(2000), "the channel never comes to rest");
                Work(int.MaxValue, lucky: true);
                foreach (var (node, roomEvent) in _nodes.Events(all: true))
                    Do(machine => machine.NodeReported(node, [roomEvent], _now));
                foreach (var session in _people.Keys)
                {
                    if (_machine.Find(session) is { Away: false })
                        Do(machine => machine.Ready(session, new LayoutEpoch(_highestEpoch), _now));
                }

                // The node's grain says it again and again.
                foreach (var node in _nodes.Draining)
                    Do(machine => machine.NodeDraining(node, _now));
                CheckAlways();
                if (_world.Count > 0)
                    continue;
                if (_machine.NextDeadline is not { } deadline || deadline > end)
                    break;
                PassToDeadline();
            }
        }

        private void CheckAlways()
        {
            var snapshot = _machine.Snapshot();
            Assert.That(snapshot.Current.Epoch, Is.GreaterThanOrEqualTo(new LayoutEpoch(_currentEpoch)), "the epoch went back");
            _currentEpoch = snapshot.Current.Epoch.Value;
            if (snapshot.Pending is { } pending)
                Assert.That(pending.Epoch, Is.GreaterThan(new LayoutEpoch(_currentEpoch)), "a pending layout is not newer than the current one");
            foreach (var participant in snapshot.Participants)
            {
                var inCurrent = participant.SinceEpoch <= snapshot.Current.Epoch;
                Assert.That(inCurrent || snapshot.Pending is not null, $"{participant.Number} is in no layout");
            }
        }

        private void CheckAtRest()
        {
            var snapshot = _machine.Snapshot();
            var count = snapshot.Participants.Length;
            Assert.That(snapshot.Pending, Is.Null, "a switch never ended");
            Assert.That(_nodes.Rooms, Is.EquivalentTo(snapshot.Rooms.Select(room => (room.Node, room.Epoch))), "rooms are open that nobody uses, or the other way round");
            if (count == 0)
                return;

            Assert.That(_nodes.Rooms.Where(room => _nodes.Draining.Contains(room.Node)), Is.Empty, "a room stayed on a node that is to be empty");
            Assert.That(_nodes.Links, Is.EquivalentTo(CascadePlanner.Links(snapshot.Rooms.Select(room => room.Epoch))), "rooms do not hear each other, or twice");
            if (snapshot.Current.Mode == ChannelMode.Sfu)
            {
                var seated = _nodes.Seats.OrderBy(seat => seat.Number).ToArray();
                Assert.That(seated.Select(seat => seat.Number), Is.EqualTo(snapshot.Participants.Select(participant => participant.Number)), "someone has no transport, or two, or is gone and has one");
            }

            Assert.That(snapshot.Participants.Select(participant => participant.SinceEpoch), Is.All.LessThanOrEqualTo(snapshot.Current.Epoch), "someone is outside of the committed layout");
            Assert.That(_mirror.Values.OrderBy(participant => participant.Number), Is.EqualTo(snapshot.Participants), "the diffs do not add up to the roster");
            Assert.That(snapshot.Rooms.Length, snapshot.Current.Mode == ChannelMode.Sfu ? Is.GreaterThan(0) : Is.Zero);
            var mode = snapshot.Current.Mode;
            switch (_settings.Mode)
            {
                case ModePolicy.P2P:
                    Assert.That(mode, Is.EqualTo(ChannelMode.P2P));
                    break;
                case ModePolicy.Sfu:
                    Assert.That(mode, Is.EqualTo(ChannelMode.Sfu));
                    break;
                default:
                    if (count > _options.P2PThreshold)
                        Assert.That(mode, Is.EqualTo(ChannelMode.Sfu), "too many for a mesh");
                    else if (count <= _options.ReturnThreshold && _pairFailedIn == 0)
                        Assert.That(mode, Is.EqualTo(ChannelMode.P2P), "few enough for a mesh");
                    break;
            }
        }

        private void Do(Action<ChannelMachine> step)
        {
            step(_machine);
            Collect();
        }

        private void Collect(bool restarted = false)
        {
            foreach (var effect in _machine.TakeEffects())
            {
                switch (effect)
                {
                    case PublishToAll { Event: RosterChanged change }:
                        Assert.That(change.Version, Is.EqualTo(_version + 1), "a version is missing");
                        _version = change.Version;
                        foreach (var participant in change.Joined.Concat(change.Changed))
                            _mirror[participant.Number] = participant;
                        foreach (var left in change.Left)
                            _mirror.Remove(left.Number);
                        _seen.Expired += change.Left.Count(left => left.Reason == LeaveReason.TimedOut);
                        _seen.MediaUnavailable += change.Left.Count(left => left.Reason == LeaveReason.MediaUnavailable);
                        break;
                    case PublishToAll { Event: LayoutOpened opened }:
                        Assert.That(opened.Layout.Mode == ChannelMode.P2P && _settings.Mode == ModePolicy.Sfu, Is.False, "addresses are shown although the policy hides them");
                        Assert.That(opened.Layout.Epoch, Is.GreaterThan(new LayoutEpoch(_highestEpoch)), "an epoch was opened that is not the newest");
                        if (_highestEpoch > _currentEpoch)
                            _seen.Superseded++;
                        _highestEpoch = opened.Layout.Epoch.Value;
                        break;
                    case PublishToAll { Event: LayoutCommitted committed }:
                        Assert.That(committed.Layout.Epoch, Is.EqualTo(new LayoutEpoch(_highestEpoch)), "another epoch was committed than the newest announced");
                        _seen.Commits++;
                        break;
                    case EndSession end:
                        _people.Remove(end.Session);
                        break;
                    case PublishToAll or NotifySession or Switched or Moved:
                        break;
                    default:
                        _world.Enqueue(effect);
                        break;
                }
            }

            _highestEpoch = Math.Max(_highestEpoch, _machine.Current.Epoch.Value);
            if (restarted)
                _version = _machine.Snapshot().RosterVersion;
            if (_machine.Count == 0)
                _pairFailedIn = 0;
        }

        private void With(Action<SessionId> act)
        {
            if (_people.Count > 0)
                act(_people.Keys.ElementAt(_random.Next(_people.Count)));
        }

        private string AnyGateway() => _random.Next(2) == 0 ? "g1" : "g2";

        private MediaNodeId AnyNode() => Nodes.All[_random.Next(Nodes.All.Length)];
    }
}
