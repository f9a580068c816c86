using Hype.Gateway.Signaling.Messages;
using Hype.Grains.Abstractions.Channels;

namespace Hype.Gateway.Signaling.Replica;

/// <summary>
/// The members of a channel whose sockets are at this gateway. It sends each socket only frames that the socket has not received yet:
/// every <see cref="ChannelMember"/> records the newest roster version and epochs that were sent to it.
/// </summary>
internal sealed class Audience
{
    private readonly Dictionary<SessionId, ChannelMember> _members = [];
    private readonly EarlyEvents _early = new();
    private MemberNumber? _dominant;

    public SessionId[] Sessions => [.. _members.Keys];

    public bool Contains(SessionId session) => _members.ContainsKey(session);

    public ChannelMember? Find(SessionId session) => _members.GetValueOrDefault(session);

    /// <summary>
    /// Starts an admission: a join or resume is about to be sent to the channel, and events for its session are buffered until <see
    /// cref="Admit"/>.
    /// </summary>
    public void BeginAdmission() => _early.BeginAdmission();

    public void EndAdmission() => _early.EndAdmission();

    /// <summary>
    /// Adds a member, sends its <c>welcome</c>, and then the events that arrived before it. An older socket of the same session is
    /// closed.
    /// </summary>
    public void Admit(ChannelMember member, ReadOnlyMemory<byte> welcome)
    {
        if (_members.Remove(member.Session, out var older))
            older.Socket.Close(SocketCloseReason.Replaced);
        _members.Add(member.Session, member);
        member.Socket.Send(welcome);
        _early.DeliverTo(member);
    }

    /// <summary>
    /// Removes a session whose socket is lost; returns false if another socket has taken its place, or the session has ended.
    /// </summary>
    public bool Remove(SessionId session, ISignalingSocket socket) =>
        _members.TryGetValue(session, out var member) && member.Socket == socket && _members.Remove(session);

    public void End(SessionId session, SocketCloseReason reason)
    {
        if (_members.Remove(session, out var member))
            member.Socket.Close(reason);
    }

    /// <summary>Runs <paramref name="deliver"/> for the member with a session: now, or when the session is admitted.</summary>
    /// <param name="size">The bytes that another member caused to be buffered; 0 for the channel's own events.</param>
    /// <returns>False if no such session is here or may be admitted now.</returns>
    public bool Deliver(SessionId session, Action<ChannelMember> deliver, int size = 0)
    {
        if (!_members.TryGetValue(session, out var member))
            return _early.Buffer(session, deliver, size);
        deliver(member);
        return true;
    }

    /// <summary>
    /// Delivers an event that concerns one session. Any other event is ignored: a newer silo may publish kinds of events that this
    /// gateway does not know, and their effects arrive with the next snapshot.
    /// </summary>
    public void Deliver(ChannelEvent change)
    {
        switch (change)
        {
            case SfuOffered { Session: var session, Offer: var offer }:
                Deliver(session, member => Send(member, member.Transport.Offer(offer)));
                break;
            case EndpointMoved { Session: var session } moved:
                Deliver(session, member => Send(member, [.. member.Transport.Move(moved)]));
                break;
            case SessionModerated { Session: var session, ServerMuted: var muted }:
                Deliver(session, member => Send(member, new ModeratedMessage(muted)));
                break;
            case SessionGranted { Session: var session, Grants: var grants }:
                Deliver(session, member => Send(member, GrantsMessage.From(grants)));
                break;
            case SessionTransferred { Session: var session, Channel: var to, Seat: var seat }:
                Deliver(session, member =>
                {
                    // The session leaves this channel first; otherwise its end here would close its socket.
                    _members.Remove(session);
                    member.Socket.Transfer(to, seat);
                });
                break;
            case SessionEnded { Session: var session, Reason: var reason }:
                Deliver(session, _ => End(session, SocketCloseReasons.From(reason)));
                break;
        }
    }

    /// <summary>Sends the dominant speaker to all members if it differs from the one that was last sent.</summary>
    public void SendDominant(MemberNumber? dominant)
    {
        if (_dominant == dominant)
            return;
        _dominant = dominant;
        var frame = SignalingJsonContext.Frame(new SpeakersMessage(dominant));
        foreach (var member in _members.Values)
            member.Socket.Send(frame);
    }

    /// <summary>Sends a change of the roster to the members whose sockets have an older version of it.</summary>
    public void SendChange(long version, ServerMessage change)
    {
        var frame = SignalingJsonContext.Frame(change);
        foreach (var member in _members.Values.Where(member => member.RosterVersion < version))
        {
            member.RosterVersion = version;
            member.Socket.Send(frame);
        }
    }

    /// <summary>Sends the whole roster after a snapshot, and ends the sessions that the roster does not list.</summary>
    /// <param name="roster">The roster of the snapshot.</param>
    /// <param name="toAll">Also to members that have a newer version: the channel counts from a lower one now.</param>
    public void SendRoster(RosterReplica roster, bool toAll)
    {
        var frame = roster.Frame.Bytes;
        foreach (var member in _members.Values.Where(member => toAll || member.RosterVersion <= roster.Version).ToList())
        {
            if (roster.Find(member.Number)?.Session != member.Session)
            {
                End(member.Session, SocketCloseReason.SessionExpired);
                continue;
            }

            member.RosterVersion = roster.Version;
            member.Socket.Send(frame);
        }
    }

    public void SendLayouts(LayoutReplica layouts)
    {
        if (layouts.Current is { } current)
        {
            // A member that missed both receives both: a transport must be built before members can switch to it.
            SendOpened(current);
            SendCommitted(current);
        }

        if (layouts.Pending is { } pending)
            SendOpened(pending);
    }

    private void SendOpened(Layout layout)
    {
        ReadOnlyMemory<byte> frame = default;
        foreach (var member in _members.Values.Where(member => member.OpenedEpoch < layout.Epoch))
        {
            if (frame.IsEmpty)
                frame = SignalingJsonContext.Frame(new ModeMessage(layout.Mode, layout.Epoch, layout.Reason));
            member.OpenedEpoch = layout.Epoch;
            member.Socket.Send(frame);
        }
    }

    private void SendCommitted(Layout layout)
    {
        ReadOnlyMemory<byte> frame = default;
        foreach (var member in _members.Values.Where(member => member.CommittedEpoch < layout.Epoch))
        {
            if (frame.IsEmpty)
                frame = SignalingJsonContext.Frame(new CommitMessage(layout.Epoch, layout.Mode, layout.Reason));
            member.CommittedEpoch = layout.Epoch;
            member.Socket.Send(frame);
        }
    }

    private static void Send(ChannelMember member, params IEnumerable<ServerMessage?> messages)
    {
        foreach (var message in messages.OfType<ServerMessage>())
            member.Socket.Send(SignalingJsonContext.Frame(message));
    }
}
