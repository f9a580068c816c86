using System.Collections.Immutable;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Abstractions.Participants;
using Hype.Grains.Channels.Effects;
using Hype.Grains.Channels.Inputs;
using Hype.Grains.Channels.Options;

namespace Hype.Grains.Channels.Members;

/// <summary>
/// Owns the members of a channel: admission, sockets and the resume window, mutes, grants, attributes and quality. It emits the events
/// that concern a single session; <see cref="Publishing.RosterPublisher"/> publishes the changes of the roster.
/// </summary>
internal sealed class Membership(ChannelOptions options, Roster roster, IMemberEndpoints endpoints, EffectList effects)
{
    /// <summary>
    /// The times at which members joined or resumed in this activation, by its own clock. Restored members are missing: they are older
    /// than all attempts of calls.
    /// </summary>
    private readonly Dictionary<SessionId, DateTimeOffset> _admittedAt = [];

    /// <summary>The time of the last attach of each gateway with members here.</summary>
    private readonly Dictionary<string, DateTimeOffset> _attachedAt = [];

    /// <summary>The earliest end of a resume window; null if no member is away.</summary>
    public DateTimeOffset? NextDeadline => roster.Members.Min(member => member.AwayUntil);

    /// <summary>The ids of the gateways that hold sockets of the channel's members.</summary>
    public IReadOnlySet<string> Gateways => roster.Members.Select(member => member.GatewayId).OfType<string>().ToHashSet();

    // Admission

    /// <summary>
    /// Returns the reason for which a joining member must be refused; <see cref="VoiceError.None"/> if it can be admitted.
    /// </summary>
    public VoiceError Check(Admission admission, int limit, DateTimeOffset now)
    {
        if (!admission.Grants.HasFlag(Grants.Join))
            return VoiceError.Forbidden;
        ExpireAway(now);
        if (roster.FindIdentity(admission.Identity) is not { } present)
            return roster.Count >= limit ? VoiceError.ChannelFull : VoiceError.None;
        // This attempt was made before the present session was admitted: the client has given it up, and must not lose that session.
        return present.Session != admission.Session && WasAdmittedWithin(admission.Age, present.Session, now)
            ? VoiceError.Unavailable
            : VoiceError.None;
    }

    /// <summary>
    /// Returns the member that an earlier attempt of the same join has admitted; null if there is none. The resume tokens of both attempts
    /// are valid, because the answer to either may reach the client. The session may end now, because its endpoints failed too often: then
    /// the error is <see cref="VoiceError.Unavailable"/>, and the client must join with another session.
    /// </summary>
    public (VoiceError Error, Member? Member)? FindAdmitted(Admission admission, DateTimeOffset now)
    {
        if (roster.Find(admission.Session) is not { } member)
            return null;
        _admittedAt[admission.Session] = now;
        Arrive(member with { TokenHash = admission.TokenHash, UsedTokenHash = member.TokenHash }, admission.GatewayId, now);
        return roster.Find(admission.Session) is { } seat ? (VoiceError.None, seat) : (VoiceError.Unavailable, null);
    }

    /// <summary>Adds a member that passed <see cref="Check"/>, and ends an earlier session of the same identity.</summary>
    /// <param name="since">The layout that the member builds.</param>
    public Member Admit(Admission admission, LayoutEpoch since, DateTimeOffset now)
    {
        var replaced = roster.FindIdentity(admission.Identity);
        if (replaced is not null)
            End(replaced, LeaveReason.Replaced);
        var member = new Member
        {
            Participant = new Participant
            {
                Session = admission.Session,
                Number = roster.NextNumber(),
                Identity = admission.Identity,
                Name = admission.Name,
                Grants = admission.Grants,
                Muted = admission.Muted || admission.Deafened,
                Deafened = admission.Deafened,
                // The mute of the session to replace counts too: its restriction may have made room for newer ones.
                ServerMuted = admission.ServerMuted || replaced is { Participant.ServerMuted: true },
                SinceEpoch = since,
                JoinedAt = now,
            },
            TokenHash = admission.TokenHash,
            Region = admission.Region,
            GatewayId = admission.GatewayId,
            TokenIssuedAt = admission.TokenIssuedAt,
            TokenGrants = admission.TokenGrants ?? admission.Grants,
        };
        roster.Add(member);
        _admittedAt[member.Session] = now;
        return member;
    }

    // Sockets

    /// <inheritdoc cref="Inputs.Resume"/>
    public (VoiceError Error, Member? Member) Resume(Resume resume, DateTimeOffset now)
    {
        ExpireAway(now);
        if (roster.Find(resume.Session) is not { } member || !member.MayResumeWith(resume.TokenHash))
            return (VoiceError.SessionExpired, null);
        _admittedAt[resume.Session] = now;
        Arrive(member with { TokenHash = resume.NextTokenHash, UsedTokenHash = resume.TokenHash }, resume.GatewayId, now);
        // The replacement of an endpoint that failed too often may have ended the session.
        return roster.Find(resume.Session) is { } resumed ? (VoiceError.None, resumed) : (VoiceError.SessionExpired, null);
    }

    /// <inheritdoc cref="Inputs.Attach"/>
    public void Attach(string gatewayId, ImmutableArray<SessionId> sessions, DateTimeOffset now)
    {
        ExpireAway(now);
        var missing = roster.Members.Where(member => member.GatewayId == gatewayId && !sessions.Contains(member.Session));
        foreach (var member in missing.ToArray())
            Depart(member, now);
        foreach (var session in sessions)
        {
            if (roster.Find(session) is { } member)
                Arrive(member, gatewayId, now);
            else
                effects.Add(new NotifySession(gatewayId, new SessionEnded(session, LeaveReason.TimedOut)));
        }

        var present = Gateways;
        foreach (var gone in _attachedAt.Keys.Where(id => !present.Contains(id)).ToArray())
            _attachedAt.Remove(gone);
        _attachedAt[gatewayId] = now;
    }

    /// <inheritdoc cref="Inputs.Detach"/>
    public void Detach(SessionId session, string gatewayId, TimeSpan age, DateTimeOffset now)
    {
        if (roster.Find(session) is { } member && member.GatewayId == gatewayId && !WasAdmittedWithin(age, session, now))
            Depart(member, now);
    }

    /// <inheritdoc cref="Inputs.GatewayLost"/>
    public void LoseGateway(string gatewayId, TimeSpan age, DateTimeOffset now)
    {
        if (_attachedAt.TryGetValue(gatewayId, out var attachedAt) && now - attachedAt < age)
            return;
        foreach (var member in roster.Members.Where(member => member.GatewayId == gatewayId).ToArray())
        {
            if (!WasAdmittedWithin(age, member.Session, now))
                Depart(member, now);
        }
    }

    // The end of sessions

    public void Leave(SessionId session, LeaveReason reason)
    {
        if (roster.Find(session) is { } member)
            End(member, reason);
    }

    /// <returns><see cref="VoiceError.UnknownParticipant"/> if the session has left already.</returns>
    public VoiceError Transfer(SessionId session, ChannelId channel, JoinResult seat)
    {
        if (roster.Find(session) is not { } member)
            return VoiceError.UnknownParticipant;
        // This event precedes the end of the session, or the gateway would close the socket.
        Notify(member, new SessionTransferred(session, channel, seat));
        End(member, LeaveReason.Moved);
        return VoiceError.None;
    }

    public void EndAll(LeaveReason reason)
    {
        foreach (var member in roster.Members.ToArray())
            End(member, reason);
    }

    public void ExpireAway(DateTimeOffset now)
    {
        foreach (var member in roster.Members.Where(member => member.AwayUntil <= now).ToArray())
            End(member, LeaveReason.TimedOut);
    }

    public void End(Member member, LeaveReason reason)
    {
        // A client that left announced it itself, and a transferred client was notified of its new channel.
        if (reason is not (LeaveReason.Left or LeaveReason.Moved))
            Notify(member, new SessionEnded(member.Session, reason));
        Remove(member, reason);
        effects.Add(new EndSession(member.Session, member.Participant.Identity, reason));
    }

    // Flags, grants and quality

    public void SetState(SessionId session, bool muted, bool deafened)
    {
        if (roster.Find(session) is { } member)
            Change(member, member.Participant with { Muted = muted || deafened, Deafened = deafened });
    }

    public VoiceError SetServerMute(MemberNumber number, bool muted)
    {
        if (roster.Find(number) is not { } member)
            return VoiceError.UnknownParticipant;
        if (member.Participant.ServerMuted == muted)
            return VoiceError.None;
        Change(member, member.Participant with { ServerMuted = muted });
        Notify(member, new SessionModerated(member.Session, muted));
        return VoiceError.None;
    }

    public VoiceError SetGrants(MemberNumber number, Grants grants)
    {
        if (roster.Find(number) is not { } member)
            return VoiceError.UnknownParticipant;
        if (member.Participant.Grants == grants)
            return VoiceError.None;
        Change(member, member.Participant with { Grants = grants });
        Notify(member, new SessionGranted(member.Session, grants));
        return VoiceError.None;
    }

    public VoiceError SetAttributes(MemberNumber number, ImmutableSortedDictionary<string, string> attributes)
    {
        if (roster.Find(number) is not { } member)
            return VoiceError.UnknownParticipant;
        Change(member, member.Participant with { Attributes = attributes });
        return VoiceError.None;
    }

    public void SetClientQuality(SessionId session, ConnectionQuality quality)
    {
        if (roster.Find(session) is { } member)
            roster.Update((member with { ClientQuality = quality }).WithPublishedQuality());
    }

    public void SetNodeQuality(MemberNumber number, ConnectionQuality quality)
    {
        if (roster.Find(number) is { } member)
            roster.Update((member with { NodeQuality = quality }).WithPublishedQuality());
    }

    /// <summary>Clears the qualities that media nodes measured, because they belong to the previous layout.</summary>
    public void ClearNodeQuality()
    {
        foreach (var member in roster.Members.Where(member => member.NodeQuality != ConnectionQuality.Unknown).ToArray())
            SetNodeQuality(member.Number, ConnectionQuality.Unknown);
    }

    /// <summary>Returns true if a session joined or resumed after the first attempt of a call of this age.</summary>
    private bool WasAdmittedWithin(TimeSpan age, SessionId session, DateTimeOffset now) =>
        _admittedAt.TryGetValue(session, out var admittedAt) && now - admittedAt < age;

    private void Remove(Member member, LeaveReason reason)
    {
        endpoints.Remove(member);
        roster.Remove(member, reason);
        _admittedAt.Remove(member.Session);
    }

    private void Arrive(Member member, string gatewayId, DateTimeOffset now)
    {
        var back = member.AtGateway(gatewayId);
        roster.Update(back);
        endpoints.OnClientReturned(back, now);
    }

    private void Depart(Member member, DateTimeOffset now)
    {
        if (member.GatewayId is { } gateway)
            effects.Add(new DetachSession(member.Session, gateway));
        roster.Update(member.AwaySince(now, options.ResumeWindow));
    }

    private void Change(Member member, Participant participant)
    {
        var changed = member with { Participant = participant };
        roster.Update(changed);
        if ((member.CanSpeak, member.CanListen) != (changed.CanSpeak, changed.CanListen))
            endpoints.UpdatePermissions(changed);
    }

    /// <summary>
    /// Sends an event to the client of a member. An away member has no gateway; its client receives the current state when it resumes.
    /// </summary>
    private void Notify(Member member, ChannelEvent channelEvent)
    {
        if (member.GatewayId is { } gateway)
            effects.Add(new NotifySession(gateway, channelEvent));
    }
}
