using System.Diagnostics;
using Hype.Gateway.Signaling.Messages;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
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
            else
            {
                // The client learns these layouts from its welcome, so its signals for them must be accepted, even before the batch.
                _layouts.Load(snapshot);
                if (snapshot.Incarnation != _stream.Incarnation)
                {
                    _stream.Hold();
                    inStep = false;
                }
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

    /// <summary>
    /// Sends a peer's offer, answer or candidate to a session whose socket is, or is about to be, at this gateway; returns false if it is
    /// at another one.
    /// </summary>
    public bool Signal(SessionId to, PeerSignal signal)
    {
        var frame = SignalledMessage.Frame(signal);
        lock (_gate)
            return _audience.Deliver(to, member => member.Socket.Send(frame), frame.Length);
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
        var roster = RosterFrame.Of(snapshot);
        if (IsNewer(snapshot, out _))
            _ = roster.Bytes; // Serialized here, outside the lock.
        lock (_gate)
        {
            if (IsNewer(snapshot, out var isNew))
            {
                _roster.Load(snapshot, roster);
                _layouts.Load(snapshot);
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
        while (true)
        {
            RosterFrame roster;
            lock (_gate)
                roster = _roster.Frame;
            // Serialized here, outside the lock. If the client has received a newer change meanwhile, the newer roster follows.
            var frame = roster.Bytes;
            lock (_gate)
            {
                if (_audience.Find(session) is not { } member)
                    return;
                if (roster.Version < member.RosterVersion && roster.Version < _roster.Version)
                    continue;
                member.RosterVersion = Math.Max(member.RosterVersion, roster.Version);
                member.Socket.Send(frame);
                return;
            }
        }
    }

    /// <summary>
    /// Finds the session that a peer signal is for. Sender and receiver must both be members of a mesh with the signal's epoch, the
    /// current layout or the pending one.
    /// </summary>
    /// <param name="from">The sender's number.</param>
    /// <param name="since">The first layout that the sender is part of.</param>
    /// <param name="to">The receiver's number.</param>
    /// <param name="epoch">The epoch of the signal.</param>
    public (VoiceError Error, SessionId Session) FindPeer(MemberNumber from, LayoutEpoch since, MemberNumber to, LayoutEpoch epoch)
    {
        lock (_gate)
        {
            if (from == to || _roster.Find(to) is not { } peer)
                return (VoiceError.UnknownParticipant, default);
            return _layouts.Find(epoch) is { Mode: ChannelMode.P2P } && since <= epoch && peer.SinceEpoch <= epoch
                ? (VoiceError.None, peer.Session)
                : (VoiceError.StaleEpoch, default);
        }
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

    /// <summary>Returns true if a snapshot has a newer roster than this replica, or is of a new activation of the channel.</summary>
    /// <param name="isNew">
    /// The activation is new. It may count from a lower version than the previous one, whose last checkpoint was lost: its state is the
    /// valid one.
    /// </param>
    private bool IsNewer(ChannelSnapshot snapshot, out bool isNew)
    {
        lock (_gate)
        {
            isNew = snapshot.Incarnation != _stream.Incarnation;
            return isNew || snapshot.RosterVersion > _roster.Version;
        }
    }

    private void Load(ChannelSnapshot snapshot)
    {
        _roster.Load(snapshot);
        _layouts.Load(snapshot);
    }
}
