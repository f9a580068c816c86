using System.Diagnostics;
using System.Text.Json;
using Hype.Gateway.Signaling.Messages;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Participants;

namespace Hype.Gateway.Signaling.Replica;

/// <summary>
/// One channel as this gateway sees it: the roster, the layouts, and the sockets it fans out to. Written by the channel's
/// batches, in order, and healed by snapshots. Every event becomes one frame, however many sockets get it.
/// <para>
/// A welcome and the batches around it come by different ways, so each socket remembers how far it has been told
/// (<see cref="ChannelMember"/>), and nothing is told twice.
/// </para>
/// </summary>
internal sealed class ChannelView(ChannelId channel)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<SessionId, ChannelMember> _members = [];
    private readonly EarlyEvents _early = new();
    private readonly BatchStream _stream = new();

    private readonly SortedDictionary<uint, Participant> _roster = [];
    private long _rosterVersion;
    private Layout? _current;
    private Layout? _pending;
    private uint? _dominant;
    private (int Epoch, ActivityContext Trace) _opened;

    public ChannelId Channel => channel;

    /// <summary>The sessions whose sockets are here.</summary>
    public SessionId[] Sessions
    {
        get
        {
            lock (_gate)
                return [.. _members.Keys];
        }
    }

    /// <summary>A join or resume is asked of the channel: what comes for its session is kept until <see cref="Admit"/>.</summary>
    public void BeginAdmission()
    {
        lock (_gate)
            _early.BeginAdmission();
    }

    public void EndAdmission()
    {
        lock (_gate)
            _early.EndAdmission();
    }

    /// <summary>
    /// Seats a session at this gateway: its socket gets <paramref name="welcome"/> of the newest known state, then what
    /// came early, then every event. False when the channel must be asked for a snapshot.
    /// </summary>
    /// <param name="moves">How often the session's transport has moved, as its client counted.</param>
    public bool Admit(JoinResult joined, ISignalingSocket socket, Func<WelcomeFacts, WelcomeMessage> welcome, int moves = 0)
    {
        lock (_gate)
        {
            var snapshot = joined.Snapshot!;
            var inStep = true;
            if (_current is null)
            {
                Load(snapshot);
                inStep = Replay(_stream.StartFromJoin(snapshot.Incarnation));
            }
            else if (snapshot.Incarnation != _stream.Incarnation)
            {
                _stream.Hold();
                inStep = false;
            }

            var facts = Newest(snapshot, joined);
            if (_members.Remove(joined.Session, out var elder))
                elder.Socket.Close(CloseReason.Replaced);
            var member = new ChannelMember(joined.Session, joined.Number, socket, new MemberTransport(moves))
            {
                RosterVersion = facts.RosterVersion,
                OpenedEpoch = (facts.Pending ?? facts.Current).Epoch,
                CommittedEpoch = facts.Current.Epoch,
            };
            _members.Add(joined.Session, member);
            socket.Send(SignalingJsonContext.Frame(welcome(facts)));
            _early.DeliverTo(member);
            return inStep && !IsAwayByMistake(_roster.GetValueOrDefault(joined.Number));
        }
    }

    /// <summary>The socket is gone. True when it was the session's present one.</summary>
    public bool Remove(SessionId session, ISignalingSocket socket)
    {
        lock (_gate)
            return _members.TryGetValue(session, out var member) && member.Socket == socket && _members.Remove(session);
    }

    /// <summary>What the channel told its gateways. False when the channel must be asked for a snapshot.</summary>
    public bool Apply(ChannelEventBatch batch)
    {
        lock (_gate)
        {
            return _stream.Arrive(batch) switch
            {
                BatchStream.Arrival.InOrder => ApplyEvents(batch),
                BatchStream.Arrival.Broken => false,
                _ => true,
            };
        }
    }

    /// <summary>A peer's offer, answer or candidate for a session whose socket is (or is about to be) here.</summary>
    public void Signal(SessionId to, PeerSignal signal)
    {
        using var payload = JsonDocument.Parse(signal.Payload);
        var message = new SignalledMessage(
            signal.From,
            signal.Epoch,
            payload.RootElement.TryGetProperty("description", out var description) ? description : null,
            payload.RootElement.TryGetProperty("candidate", out var candidate) ? candidate : null);
        var frame = SignalingJsonContext.Frame(message);
        lock (_gate)
            Deliver(to, member => member.Socket.Send(frame));
    }

    /// <summary>The gateway is about to attach: batches of the old count are held until <see cref="Resync"/>.</summary>
    public SessionId[] BeginResync()
    {
        lock (_gate)
        {
            _stream.Hold();
            return [.. _members.Keys];
        }
    }

    /// <summary>
    /// The answer to attaching: the sockets are told what they missed. False when a batch is missing again.
    /// </summary>
    public bool Resync(ChannelSnapshot snapshot)
    {
        lock (_gate)
        {
            // An activation that lost its last checkpoint may count from lower than the old one did: what it says is true now.
            var isNew = snapshot.Incarnation != _stream.Incarnation;
            if (isNew || snapshot.RosterVersion > _rosterVersion)
            {
                Load(snapshot);
                var frame = RosterFrame();
                foreach (var member in _members.Values.Where(member => isNew || member.RosterVersion <= snapshot.RosterVersion).ToList())
                {
                    if (!_roster.TryGetValue(member.Number, out var self) || self.Session != member.Session)
                    {
                        End(member, CloseReason.SessionExpired);
                        continue;
                    }

                    member.RosterVersion = snapshot.RosterVersion;
                    member.Socket.Send(frame);
                }
            }
            else
            {
                LoadLayouts(snapshot);
            }

            TellLayouts();
            TellDominant(snapshot.DominantSpeaker);
            // Who was admitted since BeginResync was not among the sessions that the channel was told of: it counts as away there,
            // and what was sent to it meanwhile, its offer perhaps, was held and is dropped.
            return Replay(_stream.StartFromAttach(snapshot.Incarnation)) && !_roster.Values.Any(IsAwayByMistake);
        }
    }

    /// <summary>The whole roster, for a socket that asks.</summary>
    public void SendRoster(SessionId session)
    {
        lock (_gate)
        {
            if (!_members.TryGetValue(session, out var member))
                return;
            member.RosterVersion = Math.Max(member.RosterVersion, _rosterVersion);
            member.Socket.Send(RosterFrame());
        }
    }

    public Participant? Find(uint number)
    {
        lock (_gate)
            return _roster.GetValueOrDefault(number);
    }

    /// <summary>How many m-lines the offer of this epoch had that the session's socket was sent; null when it was sent by another gateway.</summary>
    public int? OfferedMediaCount(SessionId session, int epoch)
    {
        lock (_gate)
            return _members.TryGetValue(session, out var member) ? member.Transport.OfferedMediaCount(epoch) : null;
    }

    /// <summary>The mode that members play.</summary>
    public ChannelMode Mode
    {
        get
        {
            lock (_gate)
                return _current?.Mode ?? ChannelMode.P2P;
        }
    }

    /// <summary>The mode of one of the layouts that members know.</summary>
    public ChannelMode ModeOf(int epoch)
    {
        lock (_gate)
            return (_pending?.Epoch == epoch ? _pending : _current)?.Mode ?? ChannelMode.P2P;
    }

    /// <summary>The trace of the change that is on its way to this epoch; default: none is.</summary>
    public ActivityContext TraceOf(int epoch)
    {
        lock (_gate)
            return epoch == _pending?.Epoch && epoch == _opened.Epoch ? _opened.Trace : default;
    }

    private bool Replay(IEnumerable<ChannelEventBatch> batches)
    {
        foreach (var batch in batches)
        {
            if (_stream.Arrive(batch) == BatchStream.Arrival.Broken || !ApplyEvents(batch))
                return false;
        }

        return true;
    }

    private bool ApplyEvents(ChannelEventBatch batch)
    {
        var inStep = true;
        foreach (var change in batch.Events)
            inStep &= Apply(change);
        return inStep;
    }

    private bool Apply(ChannelEvent change)
    {
        switch (change)
        {
            case RosterChanged roster:
                return ApplyRoster(roster);

            case LayoutOpened { Layout: var layout }:
                if (layout.Epoch > NewestEpoch)
                {
                    _pending = layout;
                    _opened = (layout.Epoch, Activity.Current?.Context ?? default);
                }

                TellLayouts();
                return true;

            case LayoutCommitted { Layout: var layout }:
                if (layout.Epoch > (_current?.Epoch ?? 0))
                    Commit(layout);
                TellLayouts();
                return true;

            case SfuOffered { Session: var session, Offer: var offer }:
                Deliver(session, member =>
                {
                    if (member.Transport.Offer(offer) is { } message)
                        Send(member, message);
                });
                return true;

            case EndpointMoved { Session: var session } moved:
                Deliver(session, member => Send(member, [.. member.Transport.Move(moved)]));
                return true;

            case SpeakersChanged { Dominant: var dominant }:
                TellDominant(dominant);
                return true;

            case SessionModerated { Session: var session, ServerMuted: var muted }:
                Deliver(session, member => member.Socket.Send(SignalingJsonContext.Frame(new ModeratedMessage(muted))));
                return true;

            case SessionGranted { Session: var session, Grants: var grants }:
                Deliver(session, member => Send(member, GrantsMessage.From(grants)));
                return true;

            case SessionTransferred { Session: var session, Channel: var to, Seat: var seat }:
                // Out of here first, or its end here would be the end of its socket.
                Deliver(session, member =>
                {
                    _members.Remove(session);
                    member.Socket.Transfer(to, seat);
                });
                return true;

            case SessionEnded { Session: var session, Reason: var reason }:
                Deliver(session, member => End(member, CloseReasons.From(reason)));
                return true;

            default:
                // A newer silo may know events that this gateway does not; the snapshots carry the state.
                return true;
        }
    }

    private bool ApplyRoster(RosterChanged change)
    {
        if (change.Version <= _rosterVersion)
            return true;
        if (change.Version > _rosterVersion + 1)
            return false;

        _rosterVersion = change.Version;
        foreach (var participant in change.Joined.Concat(change.Changed))
            _roster[participant.Number] = participant;
        foreach (var left in change.Left)
        {
            if (_roster.Remove(left.Number, out var participant) && _members.TryGetValue(participant.Session, out var member))
                End(member, CloseReasons.From(left.Reason));
        }

        var frame = SignalingJsonContext.Frame(new RosterDiffMessage(
            change.Version,
            [.. change.Joined.Select(WireParticipant.From)],
            [.. change.Changed.Select(WireParticipant.From)],
            [.. change.Left.Select(left => new WireLeft(left.Number, left.Reason))]));
        foreach (var member in _members.Values.Where(member => member.RosterVersion < change.Version))
        {
            member.RosterVersion = change.Version;
            member.Socket.Send(frame);
        }

        return !change.Changed.Any(IsAwayByMistake);
    }

    /// <summary>
    /// The channel thinks that a socket is lost which is here: a session resumed while its old socket was closing, and the
    /// two calls crossed. Attaching again sets it right.
    /// </summary>
    private bool IsAwayByMistake(Participant? participant) => participant is { Away: true } && _members.ContainsKey(participant.Session);

    private int NewestEpoch => (_pending ?? _current)?.Epoch ?? 0;

    private void Load(ChannelSnapshot snapshot)
    {
        _roster.Clear();
        foreach (var participant in snapshot.Participants)
            _roster.Add(participant.Number, participant);
        _rosterVersion = snapshot.RosterVersion;
        LoadLayouts(snapshot);
    }

    private void LoadLayouts(ChannelSnapshot snapshot)
    {
        if (snapshot.Current.Epoch > (_current?.Epoch ?? 0))
            Commit(snapshot.Current);
        if (snapshot.Pending is { } pending && pending.Epoch > NewestEpoch)
            _pending = pending;
    }

    private void Commit(Layout layout)
    {
        _current = layout;
        if (_pending?.Epoch <= layout.Epoch)
            _pending = null;
    }

    /// <summary>The newer of what the grain answered and what its batches said meanwhile; neither is always the later one.</summary>
    private WelcomeFacts Newest(ChannelSnapshot snapshot, JoinResult joined)
    {
        var viewIsNewer = snapshot.Incarnation == _stream.Incarnation && _rosterVersion > snapshot.RosterVersion && _roster.ContainsKey(joined.Number);
        var participants = viewIsNewer ? [.. _roster.Values] : snapshot.Participants;
        var current = _current!.Epoch > snapshot.Current.Epoch ? _current : snapshot.Current;
        var pending = (_pending?.Epoch ?? 0) > (snapshot.Pending?.Epoch ?? 0) ? _pending : snapshot.Pending;
        return new WelcomeFacts(
            joined,
            viewIsNewer ? _rosterVersion : snapshot.RosterVersion,
            [.. participants.Select(WireParticipant.From)],
            participants.Single(participant => participant.Number == joined.Number),
            current,
            pending?.Epoch > current.Epoch ? pending : null,
            snapshot.DominantSpeaker,
            snapshot.Settings);
    }

    private void TellLayouts()
    {
        if (_current is { } current)
        {
            // Who missed both is told both: a transport must be built before it can be swapped to.
            Tell(current, new ModeMessage(current.Mode, current.Epoch, current.Reason), member => member.OpenedEpoch < current.Epoch);
            Tell(current, new CommitMessage(current.Epoch, current.Mode, current.Reason), member => member.CommittedEpoch < current.Epoch);
        }

        if (_pending is { } pending)
            Tell(pending, new ModeMessage(pending.Mode, pending.Epoch, pending.Reason), member => member.OpenedEpoch < pending.Epoch);
    }

    private void Tell(Layout layout, ServerMessage message, Func<ChannelMember, bool> isNews)
    {
        ReadOnlyMemory<byte> frame = default;
        foreach (var member in _members.Values.Where(isNews))
        {
            if (frame.IsEmpty)
                frame = SignalingJsonContext.Frame(message);
            if (message is CommitMessage)
                member.CommittedEpoch = layout.Epoch;
            else
                member.OpenedEpoch = layout.Epoch;
            member.Socket.Send(frame);
        }
    }

    private void TellDominant(uint? dominant)
    {
        if (_dominant == dominant)
            return;
        _dominant = dominant;
        var frame = SignalingJsonContext.Frame(new SpeakersMessage(dominant));
        foreach (var member in _members.Values)
            member.Socket.Send(frame);
    }

    private static void Send(ChannelMember member, params ServerMessage[] messages)
    {
        foreach (var message in messages)
            member.Socket.Send(SignalingJsonContext.Frame(message));
    }

    private void End(ChannelMember member, CloseReason reason)
    {
        _members.Remove(member.Session);
        member.Socket.Close(reason);
    }

    private void Deliver(SessionId session, Action<ChannelMember> deliver)
    {
        if (_members.TryGetValue(session, out var member))
            deliver(member);
        else
            _early.Keep(session, deliver);
    }

    private ReadOnlyMemory<byte> RosterFrame() =>
        SignalingJsonContext.Frame(new RosterMessage(_rosterVersion, [.. _roster.Values.Select(WireParticipant.From)]));
}

/// <summary>What a <c>welcome</c> is written from.</summary>
internal sealed record WelcomeFacts(
    JoinResult Joined,
    long RosterVersion,
    WireParticipant[] Participants,
    Participant Self,
    Layout Current,
    Layout? Pending,
    uint? Dominant,
    ChannelSettings Settings);
