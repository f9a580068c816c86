using System.Diagnostics;
using Hype.Gateway.Signaling.Messages;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Participants;

namespace Hype.Gateway.Signaling.Replica;

/// <summary>
/// This gateway's replica of one channel: the roster, the layouts, and the sockets that receive its events. The channel's batches
/// change it in order, and a snapshot repairs it after a gap. Every event becomes one frame, however many sockets receive it.
/// <para>
/// A welcome and the batches around it arrive by different routes. The <see cref="Audience"/> therefore records what each socket has
/// received, and no socket receives anything twice.
/// </para>
/// </summary>
internal sealed class ChannelReplica(ChannelId channel)
{
    private readonly Lock _gate = new();
    private readonly BatchStream _stream = new();
    private readonly RosterReplica _roster = new();
    private readonly LayoutReplica _layouts = new();
    private readonly Audience _audience = new();

    public ChannelId Channel => channel;

    /// <summary>The sessions whose sockets are at this gateway.</summary>
    public SessionId[] Sessions
    {
        get
        {
            lock (_gate)
                return _audience.Sessions;
        }
    }

    /// <summary>The mode that members use now.</summary>
    public ChannelMode Mode
    {
        get
        {
            lock (_gate)
                return _layouts.Mode;
        }
    }

    /// <summary>
    /// Starts an admission: a join or resume is about to be sent to the channel, and events for its session are buffered until <see
    /// cref="Admit"/>.
    /// </summary>
    public void BeginAdmission()
    {
        lock (_gate)
            _audience.BeginAdmission();
    }

    public void EndAdmission()
    {
        lock (_gate)
            _audience.EndAdmission();
    }

    /// <summary>
    /// Admits a session at this gateway: its socket receives <paramref name="welcome"/> with the newest known state, then the events that
    /// arrived before the welcome, then every later event. Returns false when the channel must be asked for a snapshot.
    /// </summary>
    /// <param name="joined">The channel's answer to the join or resume.</param>
    /// <param name="socket">The session's socket.</param>
    /// <param name="welcome">Writes the welcome.</param>
    /// <param name="moves">The moves of the session's endpoint that its client has counted.</param>
    public bool Admit(JoinResult joined, ISignalingSocket socket, Func<WelcomeFacts, WelcomeMessage> welcome, int moves = 0)
    {
        lock (_gate)
        {
            var snapshot = joined.Snapshot!;
            var inStep = true;
            if (_layouts.Current is null)
            {
                Load(snapshot);
                inStep = Replay(_stream.StartFromJoin(snapshot.Incarnation));
            }
            else if (snapshot.Incarnation != _stream.Incarnation)
            {
                _stream.Hold();
                inStep = false;
            }

            var facts = WelcomeFacts.Newest(joined, _roster, _layouts, _stream.Incarnation);
            var member = new ChannelMember(joined.Session, joined.Number, socket, new OfferedTransport(moves))
            {
                RosterVersion = facts.RosterVersion,
                OpenedEpoch = (facts.Pending ?? facts.Current).Epoch,
                CommittedEpoch = facts.Current.Epoch,
            };
            _audience.Admit(member, SignalingJsonContext.Frame(welcome(facts)));
            return inStep && !IsAwayByMistake(_roster.Find(joined.Number));
        }
    }

    /// <summary>
    /// Removes a session whose socket is lost; returns false if another socket has taken its place, or the session has ended.
    /// </summary>
    public bool Remove(SessionId session, ISignalingSocket socket)
    {
        lock (_gate)
            return _audience.Remove(session, socket);
    }

    /// <summary>Applies a batch that the channel published; returns false when the channel must be asked for a snapshot.</summary>
    public bool Apply(ChannelEventBatch batch)
    {
        lock (_gate)
        {
            return _stream.Accept(batch) switch
            {
                BatchStream.Arrival.InOrder => ApplyEvents(batch),
                BatchStream.Arrival.Broken => false,
                _ => true,
            };
        }
    }

    /// <summary>Sends a peer's offer, answer or candidate to a session whose socket is, or is about to be, at this gateway.</summary>
    public void Signal(SessionId to, PeerSignal signal)
    {
        var frame = SignalledMessage.Frame(signal);
        lock (_gate)
            _audience.Deliver(to, member => member.Socket.Send(frame));
    }

    /// <summary>Prepares an attach: holds all batches that arrive until <see cref="Resync"/>.</summary>
    /// <returns>The sessions to attach with.</returns>
    public SessionId[] BeginResync()
    {
        lock (_gate)
        {
            _stream.Hold();
            return _audience.Sessions;
        }
    }

    /// <summary>
    /// Applies the snapshot that answers an attach, and sends the sockets the changes that they missed. Returns false when a further
    /// snapshot is needed.
    /// </summary>
    public bool Resync(ChannelSnapshot snapshot)
    {
        lock (_gate)
        {
            // An activation that lost its last checkpoint may count from a lower version than the previous one: its state is the valid
            // one.
            var isNew = snapshot.Incarnation != _stream.Incarnation;
            if (isNew || snapshot.RosterVersion > _roster.Version)
            {
                Load(snapshot);
                _audience.SendRoster(_roster, toAll: isNew);
            }
            else
            {
                _layouts.Load(snapshot);
            }

            _audience.SendLayouts(_layouts);
            _audience.SendDominant(snapshot.DominantSpeaker);
            // A member admitted since BeginResync was not among the sessions that the gateway attached with: the channel counts it as
            // away, and the events for it, perhaps its offer, were held and are dropped.
            return Replay(_stream.StartFromAttach(snapshot.Incarnation)) && !_roster.Participants.Any(IsAwayByMistake);
        }
    }

    /// <summary>Sends the whole roster to one session.</summary>
    public void SendRoster(SessionId session)
    {
        lock (_gate)
        {
            if (_audience.Find(session) is not { } member)
                return;
            member.RosterVersion = Math.Max(member.RosterVersion, _roster.Version);
            member.Socket.Send(_roster.Frame());
        }
    }

    public Participant? Find(MemberNumber number)
    {
        lock (_gate)
            return _roster.Find(number);
    }

    /// <summary>
    /// Returns the number of m-lines in the offer of an epoch that the session received from this gateway; null when another gateway sent
    /// the offer.
    /// </summary>
    public int? OfferedMediaCount(SessionId session, LayoutEpoch epoch)
    {
        lock (_gate)
            return _audience.Find(session)?.Transport.OfferedMediaCount(epoch);
    }

    /// <inheritdoc cref="LayoutReplica.ModeOf"/>
    public ChannelMode ModeOf(LayoutEpoch epoch)
    {
        lock (_gate)
            return _layouts.ModeOf(epoch);
    }

    /// <inheritdoc cref="LayoutReplica.TraceOf"/>
    public ActivityContext TraceOf(LayoutEpoch epoch)
    {
        lock (_gate)
            return _layouts.TraceOf(epoch);
    }

    private bool Replay(IEnumerable<ChannelEventBatch> batches)
    {
        foreach (var batch in batches)
        {
            if (_stream.Accept(batch) == BatchStream.Arrival.Broken || !ApplyEvents(batch))
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
                _layouts.Open(layout, Activity.Current?.Context ?? default);
                _audience.SendLayouts(_layouts);
                return true;
            case LayoutCommitted { Layout: var layout }:
                _layouts.Commit(layout);
                _audience.SendLayouts(_layouts);
                return true;
            case SpeakersChanged { Dominant: var dominant }:
                _audience.SendDominant(dominant);
                return true;
            default:
                _audience.Deliver(change);
                return true;
        }
    }

    private bool ApplyRoster(RosterChanged change)
    {
        var step = _roster.Apply(change, out var left);
        if (step != RosterReplica.Step.Applied)
            return step == RosterReplica.Step.Known;
        foreach (var (participant, reason) in left)
            _audience.End(participant.Session, SocketCloseReasons.From(reason));
        _audience.SendChange(change.Version, RosterDiffMessage.From(change));
        return !change.Changed.Any(IsAwayByMistake);
    }

    /// <summary>
    /// Returns true if the channel lists a participant as away although its socket is at this gateway: the session resumed while its old
    /// socket closed, and the channel received the two calls in the wrong order. Another attach corrects it.
    /// </summary>
    private bool IsAwayByMistake(Participant? participant) => participant is { Away: true } && _audience.Contains(participant.Session);

    private void Load(ChannelSnapshot snapshot)
    {
        _roster.Load(snapshot);
        _layouts.Load(snapshot);
    }
}
