using Hype.Grains.Abstractions.Calls;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Abstractions.Identities;
using Hype.Grains.Abstractions.Participants;
using Hype.Grains.Abstractions.Sessions;
using Hype.Grains.Channels.Members;
using Hype.Grains.Silos;

namespace Hype.Grains.Channels;

/// <summary>
/// Registers the sessions of a channel at the grains of their identities, which can revoke them, and at their mailboxes, which relay peer
/// signals. The registrations are not stored: the channel repeats them whenever a gateway attaches or a client resumes.
/// </summary>
/// <param name="incarnation">The number of the channel's activation.</param>
/// <param name="revoked">Ends a session whose token was revoked while the session was not registered at its identity.</param>
/// <param name="gone">Cancelled when the channel leaves this silo.</param>
internal sealed class SessionDirectory(
    ChannelId channel,
    long incarnation,
    IGrainFactory grains,
    BackgroundWork work,
    Action<SessionId> revoked,
    IMembershipGate gate,
    TimeProvider time,
    CancellationToken gone)
{
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(500);

    private readonly JoinQueue _joins = new();

    /// <summary>The sessions that are moving to another channel.</summary>
    private readonly HashSet<SessionId> _moving = [];

    /// <summary>The number of the last call to a mailbox about the gateway of its session.</summary>
    private ReportNumber _number = new(incarnation, 0);

    /// <summary>
    /// Registers a joining session at the grain of its identity. Returns <see cref="VoiceError.Revoked"/> if the session's token is
    /// revoked, and the reason of <see cref="CancelJoin"/> if the join was cancelled meanwhile.
    /// </summary>
    public Task<VoiceError> EnterAsync(string identity, SessionId session, DateTimeOffset tokenIssuedAt) =>
        _joins.CheckAsync(identity, session, () => gate.AfterAsync(Identity(identity).Enter(channel, session, tokenIssuedAt)));

    /// <inheritdoc cref="JoinQueue.Cancel"/>
    public void CancelJoin(SessionId session, VoiceError reason) => _joins.Cancel(session, reason);

    /// <summary>
    /// Attaches a session's mailbox to the gateway that holds the session's socket. The mailbox then delivers the signals that wait in it.
    /// </summary>
    public Task AttachAsync(Member member, GatewayRef gateway) =>
        Mailbox(member.Session).Attach(channel, member.Number, gateway, _number = _number.Next());

    /// <summary>Repeats the registrations of all sessions whose sockets a gateway holds.</summary>
    public void Attach(IEnumerable<Member> members, GatewayRef gateway)
    {
        foreach (var member in members)
        {
            work.Start(() => AttachAsync(member, gateway), "attach a session's mailbox to its gateway");
            Renew(member);
        }
    }

    public void Detach(SessionId session, string gatewayId) =>
        work.Start(() => Mailbox(session).Detach(gatewayId, _number = _number.Next()), "detach a session's mailbox from its gateway");

    /// <summary>
    /// Registers a session again at the grain of its identity, which may have lost it with its silo. The session ends if it was revoked
    /// meanwhile.
    /// </summary>
    public void Renew(Member member) => work.Start(
        async () =>
        {
            var entering = Identity(member.Participant.Identity).Enter(channel, member.Session, member.TokenIssuedAt);
            if (await gate.AfterAsync(entering) == VoiceError.Revoked)
                revoked(member.Session);
        },
        "register a session at its identity");

    /// <summary>Unregisters a session that the channel refused.</summary>
    public void Refuse(string identity, SessionId session) =>
        work.Start(() => Identity(identity).Left(channel, session), "unregister a refused session");

    /// <summary>Unregisters an ended session at its mailbox and at its identity.</summary>
    public void End(SessionId session, string identity)
    {
        work.Start(() => Mailbox(session).End(), "end a session's mailbox");
        work.Start(() => Identity(identity).Left(channel, session), "unregister a session at its identity");
    }

    /// <summary>
    /// Moves a member to another channel, which admits it with the same grants, mutes and restriction. Returns the error of the channel
    /// that refuses the move. A move that fails leaves no session in the other channel.
    /// </summary>
    /// <param name="transfer">Ends the session in this channel, with the seat in the other one; returns an error if it cannot.</param>
    public async Task<VoiceError> MoveAsync(
        Member member, Restriction restriction, GatewayRef gateway, ChannelId to, Func<JoinResult, VoiceError> transfer)
    {
        // The second of two simultaneous moves to the same channel would replace the seat of the first.
        if (!_moving.Add(member.Session))
            return VoiceError.Unavailable;
        var other = grains.GetGrain<IChannelGrain>(to.Value);
        var session = SessionId.New();
        var error = VoiceError.Unavailable;
        var isRefused = false;
        try
        {
            var seat = await gate.AfterAsync(other.Join(member.ToJoinRequest(gateway, restriction) with { Session = session }));
            isRefused = seat.Error != VoiceError.None;
            error = isRefused ? seat.Error : transfer(seat);
            return error;
        }
        finally
        {
            _moving.Remove(member.Session);
            // The session left meanwhile, or the answer of the other channel was lost, which may have admitted the member.
            if (error != VoiceError.None && !isRefused)
                work.Start(() => EndAsync(other, session), "end the session of a failed move");
        }
    }

    private async Task EndAsync(IChannelGrain other, SessionId session)
    {
        while (!gone.IsCancellationRequested)
        {
            try
            {
                await other.Leave(session, LeaveReason.Left);
                return;
            }
            catch (Exception exception)
            {
                work.Failed(exception, "end the session of a failed move");
            }

            await Task.Delay(RetryPause, time, gone)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }
    }

    private ISessionMailboxGrain Mailbox(SessionId session) => grains.GetGrain<ISessionMailboxGrain>(session.Value);

    private IIdentityGrain Identity(string identity) => grains.GetGrain<IIdentityGrain>(identity);
}
