using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Abstractions.Identities;
using Hype.Grains.Abstractions.Participants;
using Hype.Grains.Abstractions.Sessions;
using Hype.Grains.Channels.Members;

namespace Hype.Grains.Channels;

/// <summary>
/// Registers a channel's sessions at their identities, which can revoke them, and at their mailboxes, which relay peer signals. Both are
/// soft state: it is sent again whenever a session returns.
/// </summary>
/// <param name="revoked">Ends a session whose token was revoked while the session was not registered at its identity.</param>
internal sealed class SessionDirectory(ChannelId channel, IGrainFactory grains, BackgroundWork work, Action<SessionId> revoked)
{
    private readonly JoinQueue _joins = new();

    /// <summary>Registers a joining session at its identity. <see cref="VoiceError.Revoked"/>: its token is no longer valid.</summary>
    public Task<VoiceError> EnterAsync(string identity, SessionId session, DateTimeOffset tokenIssuedAt) =>
        _joins.CheckAsync(identity, session, () => Identity(identity).Enter(channel, session, tokenIssuedAt));

    /// <summary>Cancels the join of a session.</summary>
    public void CancelJoin(SessionId session) => _joins.Cancel(session);

    /// <summary>
    /// Attaches a session's mailbox to the gateway that holds its socket. The mailbox then delivers its waiting signals.
    /// </summary>
    public Task AttachAsync(Member member, GatewayRef gateway) => Mailbox(member.Session).Attach(channel, member.Number, gateway);

    /// <summary>Renews the registration of all sessions that a gateway holds.</summary>
    public void Attach(IEnumerable<Member> members, GatewayRef gateway)
    {
        foreach (var member in members)
        {
            work.Start(() => AttachAsync(member, gateway), "attach a session's mailbox to its gateway");
            Renew(member);
        }
    }

    public void Detach(SessionId session, string gatewayId) =>
        work.Start(() => Mailbox(session).Detach(gatewayId), "detach a session's mailbox from its gateway");

    /// <summary>
    /// Registers a session again at its identity, whose grain may have been lost with its silo. If the session was revoked meanwhile, it
    /// ends.
    /// </summary>
    public void Renew(Member member) => work.Start(
        async () =>
        {
            if (await Identity(member.Participant.Identity).Enter(channel, member.Session, member.TokenIssuedAt) == VoiceError.Revoked)
                revoked(member.Session);
        },
        "register a session at its identity");

    /// <summary>Unregisters a session that was refused.</summary>
    public void Refuse(string identity, SessionId session) =>
        work.Start(() => Identity(identity).Left(channel, session), "unregister a refused session");

    /// <summary>Unregisters a session that is over.</summary>
    public void End(SessionId session, string identity)
    {
        work.Start(() => Mailbox(session).End(), "end a session's mailbox");
        work.Start(() => Identity(identity).Left(channel, session), "unregister a session at its identity");
    }

    /// <summary>Lets another channel admit a member, with its grants and mutes.</summary>
    /// <param name="transfer">Ends the session in this channel, with the seat in the other one.</param>
    public async Task<VoiceError> MoveAsync(Member member, GatewayRef gateway, ChannelId to, Func<JoinResult, VoiceError> transfer)
    {
        var other = grains.GetGrain<IChannelGrain>(to.Value);
        var seat = await other.Join(member.ToJoinRequest(gateway));
        if (seat.Error != VoiceError.None)
            return seat.Error;
        if (member.Participant.ServerMuted)
            await other.SetServerMute(seat.Number, true);
        var error = transfer(seat);
        // The session left while the other channel admitted it.
        if (error != VoiceError.None)
            await other.Leave(seat.Session, LeaveReason.Left);
        return error;
    }

    private ISessionMailboxGrain Mailbox(SessionId session) => grains.GetGrain<ISessionMailboxGrain>(session.Value);

    private IIdentityGrain Identity(string identity) => grains.GetGrain<IIdentityGrain>(identity);
}
