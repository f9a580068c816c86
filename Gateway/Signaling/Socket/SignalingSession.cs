using System.Diagnostics;
using Hype.Gateway.Auth;
using Hype.Gateway.Cluster;
using Hype.Gateway.Limits;
using Hype.Gateway.Sdp;
using Hype.Gateway.Signaling.Messages;
using Hype.Gateway.Signaling.Renewal;
using Hype.Gateway.Signaling.Replica;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Abstractions.Participants;

namespace Hype.Gateway.Signaling.Socket;

/// <summary>
/// What one client says, passed on to the grains in the order in which it was said. Owns the seat: whoever leaves without
/// a word is detached, so that the resume window starts.
/// </summary>
internal sealed partial class SignalingSession(
    SignalingConnection connection,
    ClientAddress address,
    ClientLimits limits,
    SessionRegistry registry,
    GrainAccess grains,
    AccessTokens tokens,
    WelcomeWriter welcome,
    IceServers iceServers,
    RegionNames regions,
    SignalingMetrics metrics,
    ClientMetrics clientMetrics,
    TimeProvider time,
    IHostEnvironment environment,
    ILogger<SignalingSession> logger)
{
    /// <summary>A seat in a channel.</summary>
    private sealed record Seat(ChannelView View, SessionId Session, uint Number, string Identity)
    {
        public ChannelId Channel => View.Channel;
    }

    private readonly SignalingProtocol _protocol = new();
    private readonly SignalingTrace _trace = new();

    // One message, or one transfer, at a time.
    private readonly SemaphoreSlim _turn = new(1, 1);
    private Seat? _seat;
    private TokenRefresh? _refresh;
    private IDisposable? _iceServersRefresh;
    private bool _over;

    /// <summary>When the client asked for its seat; null as soon as it has said that its transport is ready.</summary>
    private long? _askedAt;

    public async Task RunAsync()
    {
        // Elsewhere: the channel that tells it holds its own lock, and the other channel has one too.
        connection.OnTransfer = (channel, seat) => _ = Task.Run(() => TransferAsync(channel, seat));
        using (var messages = limits.Messages())
            await connection.RunAsync(text => InTurnAsync(() => OnTextAsync(text, messages)), () => Refuse(_protocol.ReadBinary()));
        _refresh?.Dispose();
        _iceServersRefresh?.Dispose();
        await InTurnAsync(async () =>
        {
            _over = true;
            if (_seat is { } seat)
                await GiveUpAsync(seat);
        });
    }

    private async Task OnTextAsync(ReadOnlyMemory<byte> text, MessageLimit messages)
    {
        // Unread: who sends too much does not get to say what.
        if (messages.Take() is { Ticks: > 0 } wait)
        {
            ReplyTooMany(null, wait);
            return;
        }

        var inbound = _protocol.Read(text.Span);
        metrics.Received(inbound.Type);
        if (inbound.Message is not { } message)
        {
            Refuse(inbound);
            return;
        }

        if (_protocol.IsOfFormerChannel(message))
            return;

        using var span = _trace.Begin(message, inbound.Type!, ChangeThatItIsAbout(message));
        try
        {
            await HandleAsync(message, inbound.Type!);
        }
        catch (Exception exception)
        {
            // A silo is gone, storage is down, or a bug: this message failed, the socket and everyone else's live on.
            LogFailed(inbound.Type!, exception);
            Reply(GrainAccess.ErrorOf(exception), inbound.Type!);
        }
    }

    private ActivityContext ChangeThatItIsAbout(ClientMessage message) => message switch
    {
        AnswerMessage answer => _seat!.View.TraceOf(answer.Epoch),
        ReadyMessage ready => _seat!.View.TraceOf(ready.Epoch),
        FailedMessage failed => _seat!.View.TraceOf(failed.Epoch),
        _ => default,
    };

    private Task HandleAsync(ClientMessage message, string type) => message switch
    {
        JoinMessage join => JoinAsync(join),
        ResumeMessage resume => ResumeAsync(resume),
        SignalMessage signal => SignalAsync(_seat!, signal),
        AnswerMessage answer => AnswerAsync(_seat!, answer),
        ReadyMessage ready => ReadyAsync(_seat!, ready),
        FailedMessage failed => grains.Ask(grains.Channel(_seat!.Channel).ConnectionFailed(_seat.Session, failed.Epoch, failed.Peer)),
        StateMessage state => grains.Ask(grains.Channel(_seat!.Channel).SetState(_seat.Session, state.Muted || state.Deafened, state.Deafened)),
        QualityMessage quality => ReportAsync(_seat!, quality),
        MovedMessage => Now(_protocol.Moved),
        SyncMessage => Now(() => _seat!.View.SendRoster(_seat.Session)),
        PingMessage ping => Now(() => connection.Send(new PongMessage(ping.Id))),
        LeaveMessage => LeaveAsync(_seat!),
        SimulateMessage simulate => SimulateAsync(_seat!, simulate, type),
        _ => throw new InvalidOperationException($"No one handles '{type}'."),
    };

    private async Task JoinAsync(JoinMessage join)
    {
        if (!ChannelId.TryParse(join.Channel, out var channel))
        {
            Reply(VoiceError.InvalidChannel, "join");
            return;
        }

        connection.Asked();
        var asked = time.GetTimestamp();
        if (limits.Join(address) is { Ticks: > 0 } wait)
        {
            ReplyTooMany("join", wait);
            return;
        }

        if (await tokens.ReadAsync(join.Token) is not { } access)
        {
            Reply(VoiceError.Unauthorized, "join");
            connection.Close(CloseReason.Unauthorized);
            return;
        }

        if (limits.Join(access.Identity) is { Ticks: > 0 } patience)
        {
            ReplyTooMany("join", patience);
            return;
        }

        if (!access.Allows(Grants.Join, channel))
        {
            Reply(VoiceError.Forbidden, "join");
            return;
        }

        await TakeSeatAsync(channel, "join", stop => grains.Channel(channel).Join(new JoinRequest
        {
            Identity = access.Identity,
            Name = access.Name,
            Grants = access.Grants,
            Gateway = grains.Gateway,
            Muted = join.Muted || join.Deafened,
            Deafened = join.Deafened,
            Region = regions.Nearest(join.Rtt),
            TokenIssuedAt = access.IssuedAt,
        }, stop));
        if (_seat is null)
            return;

        _askedAt = asked;
        metrics.Joined(time.GetElapsedTime(asked));
        KeepFresh(access);
    }

    private async Task ResumeAsync(ResumeMessage resume)
    {
        if (!ChannelId.TryParse(resume.Channel, out var channel))
        {
            Reply(VoiceError.InvalidChannel, "resume");
            return;
        }

        connection.Asked();
        if (limits.Join(address) is { Ticks: > 0 } wait)
        {
            ReplyTooMany("resume", wait);
            return;
        }

        await TakeSeatAsync(channel, "resume", stop => grains.Channel(channel).Resume(new ResumeRequest(resume.ResumeToken, grains.Gateway), stop), resume.Moves);
        if (_seat is not null)
            metrics.Resumed();
        // Refreshing is a service: a token that is no good, or somebody else's, gets none.
        if (_seat is not null && resume.Token is { } token && await tokens.ReadAsync(token) is { } access && access.Identity == _seat.Identity)
            KeepFresh(access);
    }

    private void KeepFresh(AccessToken access) => _refresh = TokenRefresh.Begin(access, tokens, grains, connection, time, logger);

    private async Task TakeSeatAsync(ChannelId channel, string type, Func<CancellationToken, Task<JoinResult>> ask, int moves = 0)
    {
        _protocol.Ask();
        var view = registry.Enter(channel);
        view.BeginAdmission();
        try
        {
            var joined = await grains.Ask(ask);
            if (joined.Error != VoiceError.None)
            {
                Reply(joined.Error, type);
                if (joined.Error == VoiceError.SessionExpired)
                    connection.Close(CloseReason.SessionExpired);
                else if (joined.Error == VoiceError.Revoked)
                    connection.Close(CloseReason.Revoked);
                return;
            }

            _seat = new Seat(view, joined.Session, joined.Number, joined.Snapshot!.Participants.Single(participant => participant.Number == joined.Number).Identity);
            metrics.Seated();
            _protocol.Welcome();
            if (!view.Admit(joined, connection, facts => welcome.Write(channel, facts, resumed: type == "resume"), moves))
                registry.WantSnapshot(view);
            _iceServersRefresh = iceServers.KeepFresh(_seat.Identity, connection);
        }
        finally
        {
            view.EndAdmission();
            if (_seat is null)
            {
                _protocol.Refuse();
                registry.Exit(view);
            }
        }
    }

    /// <summary>The session has a seat in another channel: its socket is told, and heard there from now on.</summary>
    private Task TransferAsync(ChannelId channel, JoinResult joined) => InTurnAsync(async () =>
    {
        if (_over || _seat is not { } former || connection.Closing is not null)
        {
            // The socket went before it was told: the seat waits for the session to be resumed.
            await grains.Ask(grains.Channel(channel).Detach(joined.Session, grains.Gateway.GatewayId));
            return;
        }

        var view = registry.Enter(channel);
        _seat = new Seat(view, joined.Session, joined.Number, former.Identity);
        _protocol.Transfer();
        view.Admit(joined, connection, facts => welcome.Write(channel, facts, resumed: false));
        registry.Exit(former.View);
        // What the channel said before this gateway listened is said again.
        registry.WantSnapshot(view);
    });

    private async Task InTurnAsync(Func<Task> action)
    {
        await _turn.WaitAsync();
        try
        {
            await action();
        }
        catch (Exception exception)
        {
            LogFailed("transfer", exception);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task SignalAsync(Seat seat, SignalMessage signal)
    {
        var error = seat.View.Find(signal.To) is { } peer && peer.Number != seat.Number
            ? await grains.Ask(grains.Participant(peer.Session).Signal(seat.Channel, new PeerSignal(seat.Number, signal.Epoch, signal.Payload())))
            : VoiceError.UnknownParticipant;
        if (error != VoiceError.None)
            Reply(error, "signal");
    }

    private async Task AnswerAsync(Seat seat, AnswerMessage answer)
    {
        var flaw = AnswerReader.Read(answer.Sdp, answer.Epoch, seat.View.OfferedMediaCount(seat.Session, answer.Epoch), out var read);
        if (flaw != AnswerFlaw.None)
        {
            Reply(VoiceError.InvalidAnswer, "answer", AnswerFlaws.Describe(flaw));
            return;
        }

        var error = await grains.Ask(grains.Channel(seat.Channel).Answer(seat.Session, read!));
        if (error != VoiceError.None)
            Reply(error, "answer");
    }

    private Task ReadyAsync(Seat seat, ReadyMessage ready)
    {
        if (_askedAt is { } asked)
            metrics.Ready(seat.View.ModeOf(ready.Epoch), time.GetElapsedTime(asked));
        _askedAt = null;
        return grains.Ask(grains.Channel(seat.Channel).Ready(seat.Session, ready.Epoch));
    }

    private Task ReportAsync(Seat seat, QualityMessage quality)
    {
        clientMetrics.Reported(quality, seat.View.Mode);
        return grains.Ask(grains.Participant(seat.Session).ReportQuality(new QualityReport(quality.RttMs, quality.LossPercent, quality.JitterMs)));
    }

    private async Task LeaveAsync(Seat seat)
    {
        await grains.Ask(grains.Channel(seat.Channel).Leave(seat.Session, LeaveReason.Left));
        _protocol.End();
        connection.Close(CloseReason.Left);
    }

    private async Task SimulateAsync(Seat seat, SimulateMessage simulate, string type)
    {
        if (!environment.IsDevelopment())
        {
            Reply(VoiceError.Unsupported, type);
            return;
        }

        if (simulate.Fault == Fault.DropSocket)
        {
            connection.Close(CloseReason.Dropped);
            return;
        }

        var mode = seat.View.Mode;
        if (simulate.Fault == Fault.SwitchMode)
            mode = mode == ChannelMode.P2P ? ChannelMode.Sfu : ChannelMode.P2P;
        var error = await grains.Ask(grains.Channel(seat.Channel).RequestLayout(mode, ModeReason.Requested));
        if (error != VoiceError.None)
            Reply(error, type);
    }

    /// <summary>The socket is gone. Unless the session has ended or moved to another socket, its resume window starts.</summary>
    private async Task GiveUpAsync(Seat seat)
    {
        try
        {
            if (seat.View.Remove(seat.Session, connection) && connection.Closing is not CloseReason.Left)
                await grains.Ask(grains.Channel(seat.Channel).Detach(seat.Session, grains.Gateway.GatewayId));
        }
        catch (Exception exception)
        {
            // The channel will hear from the next attach that this session is not among ours.
            LogFailed("detach", exception);
        }
        finally
        {
            metrics.Unseated();
            registry.Exit(seat.View);
        }
    }

    private void Refuse(Inbound inbound)
    {
        if (inbound.Enough)
        {
            metrics.Refused(inbound.Error, inbound.Type);
            connection.Close(CloseReason.BadMessage);
        }
        else
        {
            Reply(inbound.Error, inbound.Type);
        }
    }

    private void Reply(VoiceError error, string? inReplyTo, string? detail = null)
    {
        metrics.Refused(error, inReplyTo);
        connection.Send(ErrorMessage.From(error, inReplyTo, detail));
    }

    private void ReplyTooMany(string? inReplyTo, TimeSpan wait)
    {
        metrics.Refused(VoiceError.TooManyRequests, inReplyTo);
        connection.Send(ErrorMessage.From(VoiceError.TooManyRequests, inReplyTo, retryAfter: wait));
    }

    private static Task Now(Action action)
    {
        action();
        return Task.CompletedTask;
    }

    [LoggerMessage(1, LogLevel.Warning, "A client's {Type} could not be served")]
    private partial void LogFailed(string type, Exception exception);
}
