using Hype.Gateway.Cluster;
using Hype.Gateway.Limits;
using Hype.Gateway.Signaling.Messages;
using Hype.Gateway.Signaling.Renewal;
using Hype.Gateway.Signaling.Replica;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Abstractions.Participants;

namespace Hype.Gateway.Signaling.Socket;

/// <summary>
/// Owns the seat of one socket's client, from join or resume to leave, transfer or loss of the socket. When a socket closes without
/// <c>leave</c>, the session is detached, so that its resume window starts.
/// </summary>
internal sealed partial class SeatKeeper(
    SignalingConnection connection,
    ClientAddress address,
    SignalingProtocol protocol,
    JoinAuthorizer authorizer,
    SessionRegistry registry,
    GrainAccess grains,
    WelcomeWriter welcome,
    SocketRenewals renewals,
    SignalingMetrics metrics,
    TimeProvider time,
    ILogger<SeatKeeper> logger)
{
    /// <summary>The number of refused joins and resumes after which the socket is closed.</summary>
    private const int MaxRefusals = 3;

    private bool _closed;
    private int _refusals;

    /// <summary>The time of the join, until the client has reported its first ready transport; then null.</summary>
    private long? _joinedAt;

    /// <summary>The client's seat; null before it has joined.</summary>
    public Seat? Seat { get; private set; }

    /// <summary>The reason to close the socket after its last refused join or resume; null: it may try again.</summary>
    public SocketCloseReason? CloseReason => _refusals >= MaxRefusals ? SocketCloseReason.JoinRefused : null;

    public Task<CommandOutcome> JoinAsync(JoinMessage join) => AskAsync(join.Channel, channel => JoinAsync(channel, join));

    public Task<CommandOutcome> ResumeAsync(ResumeMessage resume) => AskAsync(resume.Channel, channel => ResumeAsync(channel, resume));

    /// <summary>Continues the session in another channel, which has already assigned it a seat.</summary>
    public async Task TransferAsync(ChannelId channel, JoinResult joined)
    {
        if (_closed || Seat is not { } former || connection.Closing is not null)
        {
            // The socket closed before the transfer reached it: the seat waits for the session to be resumed.
            await DetachAsync(channel, joined.Session);
            return;
        }

        var replica = registry.Enter(channel);
        Seat = SeatOf(replica, joined);
        protocol.Transfer();
        replica.Admit(joined, connection, facts => welcome.Write(channel, facts, resumed: false));
        registry.Exit(former.Replica);
        // The channel repeats the events that it published before this gateway subscribed.
        registry.RequestSnapshot(replica);
    }

    /// <summary>Measures the time from the join to the client's first ready transport.</summary>
    public void RecordReady(Seat seat, LayoutEpoch epoch)
    {
        if (_joinedAt is { } joinedAt)
            metrics.Ready(seat.Replica.ModeOf(epoch), time.GetElapsedTime(joinedAt));
        _joinedAt = null;
    }

    public async Task LeaveAsync(Seat seat)
    {
        await grains.Ask(grains.Channel(seat.Channel).Leave(seat.Session, LeaveReason.Left));
        protocol.End();
        connection.Close(SocketCloseReason.Left);
    }

    /// <summary>
    /// Gives up the seat after the socket is closed or lost. Unless the session has ended or has moved to another socket, this detaches
    /// the session, which starts its resume window.
    /// </summary>
    public async Task GiveUpAsync()
    {
        _closed = true;
        if (Seat is not { } seat)
            return;
        try
        {
            if (seat.Replica.Remove(seat.Session, connection) && connection.Closing is not SocketCloseReason.Left)
                await DetachAsync(seat.Channel, seat.Session);
        }
        finally
        {
            metrics.SessionEnded();
            registry.Exit(seat.Replica);
        }
    }

    /// <summary>
    /// Ends the seat that a join without an answer may have, or may still get. If this call fails too, the channel ends a seat that this
    /// gateway does not attach.
    /// </summary>
    private async Task AbandonAsync(ChannelId channel, SessionId session)
    {
        try
        {
            await grains.Channel(channel).Leave(session, LeaveReason.Left);
        }
        catch (Exception exception)
        {
            LogNotAbandoned(channel.Value, exception);
        }
    }

    private async Task DetachAsync(ChannelId channel, SessionId session)
    {
        try
        {
            await grains.Ask(grains.Channel(channel).Detach(session, grains.Gateway.GatewayId));
        }
        catch
        {
            // An attach names the sessions that are still at this gateway. If there are none, the renewal of the gateway's lease reports
            // that the gateway does not know the channel.
            if (registry.Find(channel) is { } replica)
                registry.RequestSnapshot(replica);
            throw;
        }
    }

    /// <summary>
    /// Asks for a seat, and stops the join timer meanwhile. After a refusal the timer starts again, so that a client without a seat cannot
    /// hold a socket.
    /// </summary>
    private async Task<CommandOutcome> AskAsync(string id, Func<ChannelId, Task<CommandOutcome>> ask)
    {
        connection.StopJoinTimer();
        try
        {
            return ChannelId.TryParse(id, out var channel)
                ? await ask(channel)
                : new CommandOutcome(VoiceError.InvalidChannel, ChannelId.FlawOf(id));
        }
        finally
        {
            if (Seat is null)
            {
                _refusals++;
                connection.StartJoinTimer();
            }
        }
    }

    private async Task<CommandOutcome> JoinAsync(ChannelId channel, JoinMessage join)
    {
        var askedAt = time.GetTimestamp();
        var (outcome, request, access) = await authorizer.CheckAsync(join, channel, address);
        if (request is null)
            return outcome;
        try
        {
            outcome = await TakeSeatAsync(channel, resumed: false, stop => grains.Channel(channel).Join(request, stop));
        }
        catch
        {
            _ = AbandonAsync(channel, request.Session);
            throw;
        }

        if (Seat is null)
            return outcome;
        _joinedAt = askedAt;
        metrics.Joined(time.GetElapsedTime(askedAt));
        renewals.RenewToken(access!);
        return outcome;
    }

    private async Task<CommandOutcome> ResumeAsync(ChannelId channel, ResumeMessage resume)
    {
        var outcome = authorizer.CheckResume(address);
        if (outcome.Error != VoiceError.None)
            return outcome;
        var request = new ResumeRequest(resume.ResumeToken, grains.Gateway);
        outcome = await TakeSeatAsync(channel, resumed: true, stop => grains.Channel(channel).Resume(request, stop), resume.Moves);
        if (Seat is null)
            return outcome;
        metrics.Resumed();
        await renewals.RenewTokenAsync(resume.Token, Seat.Identity);
        return outcome;
    }

    private async Task<CommandOutcome> TakeSeatAsync(
        ChannelId channel, bool resumed, Func<CancellationToken, Task<JoinResult>> ask, int moves = 0)
    {
        protocol.Ask();
        var replica = registry.Enter(channel);
        replica.BeginAdmission();
        try
        {
            var joined = await grains.Ask(ask);
            if (joined.Error != VoiceError.None)
                return new CommandOutcome(joined.Error, Close: CloseReasonOf(joined.Error));
            Seat = SeatOf(replica, joined);
            metrics.SessionBegan();
            protocol.Welcome();
            if (!replica.Admit(joined, connection, facts => welcome.Write(channel, facts, resumed), moves))
                registry.RequestSnapshot(replica);
            renewals.RenewIceServers(Seat.Identity);
            return CommandOutcome.Done;
        }
        finally
        {
            replica.EndAdmission();
            if (Seat is null)
            {
                protocol.Refuse();
                registry.Exit(replica);
            }
        }
    }

    private static Seat SeatOf(ChannelReplica replica, JoinResult joined)
    {
        var self = joined.Snapshot!.Participants.Single(participant => participant.Number == joined.Number);
        return new Seat(replica, joined.Session, joined.Number, self.Identity, self.SinceEpoch);
    }

    private static SocketCloseReason? CloseReasonOf(VoiceError error) => error switch
    {
        VoiceError.SessionExpired => SocketCloseReason.SessionExpired,
        VoiceError.Revoked => SocketCloseReason.Revoked,
        _ => null,
    };

    [LoggerMessage(Level = LogLevel.Warning, Message = "Failed to end the seat of an abandoned join in channel {Channel}")]
    private partial void LogNotAbandoned(string channel, Exception exception);
}
