using Hype.Gateway.Cluster;
using Hype.Gateway.Limits;
using Hype.Gateway.Sdp;
using Hype.Gateway.Signaling.Messages;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Abstractions.Participants;
using Hype.Grains.Abstractions.Sessions;

namespace Hype.Gateway.Signaling.Socket;

/// <summary>
/// Executes a client's messages, most of which cause one grain call. <see cref="SignalingProtocol"/> has checked before that a message is
/// legal in the current phase.
/// </summary>
internal sealed class ClientCommands : IDisposable
{
    /// <summary>The shortest time between two rosters for one socket; a client that missed a change needs only one.</summary>
    public static readonly TimeSpan SyncInterval = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The shortest time between two changes of the flags of one client; each costs a broadcast to the channel and an order to its node.
    /// </summary>
    public static readonly TimeSpan StateInterval = TimeSpan.FromMilliseconds(200);

    private static readonly string TooLargeSignal = FormattableString.Invariant(
        $"a description has at most {SignalMessage.MaxDescriptionBytes} bytes, a candidate {SignalMessage.MaxCandidateBytes}");

    private readonly SignalingConnection _connection;
    private readonly SignalingProtocol _protocol;
    private readonly SeatKeeper _seats;
    private readonly FaultSimulator _faults;
    private readonly GrainAccess _grains;
    private readonly ClientMetrics _clientMetrics;
    private readonly SignalingMetrics _metrics;
    private readonly MessageLimit _calls;
    private readonly MessageLimit _signalBytes;
    private readonly Coalescer _syncs;
    private readonly Coalescer _states;
    private StateMessage _newestState = new(false, false);

    public ClientCommands(
        SignalingConnection connection,
        SignalingProtocol protocol,
        SeatKeeper seats,
        FaultSimulator faults,
        GrainAccess grains,
        ClientLimits limits,
        ClientMetrics clientMetrics,
        SignalingMetrics metrics,
        TimeProvider time)
    {
        (_connection, _protocol, _seats, _faults, _grains) = (connection, protocol, seats, faults, grains);
        (_clientMetrics, _metrics) = (clientMetrics, metrics);
        (_calls, _signalBytes) = (limits.Calls(), limits.SignalBytes());
        _syncs = new Coalescer(SyncInterval, time, SendRosterAsync, command => OnDue?.Invoke("sync", command));
        _states = new Coalescer(StateInterval, time, SetStateAsync, command => OnDue?.Invoke("state", command));
    }

    /// <summary>
    /// The handler that executes a delayed command in the session's turn; set by the session. The first argument is the type of the
    /// message that asked for it.
    /// </summary>
    public Action<string, Func<Task<CommandOutcome>>>? OnDue { get; set; }

    /// <summary>
    /// The client's seat. It is never null when a command runs: the protocol refuses messages that need a seat before the client has one.
    /// </summary>
    private Seat Seat => _seats.Seat!;

    public Task<CommandOutcome> RunAsync(ClientMessage message)
    {
        if (CostsCall(message) && _calls.Take() is { Ticks: > 0 } wait)
            return Task.FromResult(CommandOutcome.TooMany(wait));
        return DispatchAsync(message);
    }

    public void Dispose()
    {
        _syncs.Dispose();
        _states.Dispose();
        _calls.Dispose();
        _signalBytes.Dispose();
    }

    private Task<CommandOutcome> DispatchAsync(ClientMessage message) => message switch
    {
        JoinMessage join => _seats.JoinAsync(join),
        ResumeMessage resume => _seats.ResumeAsync(resume),
        SignalMessage signal => SignalAsync(Seat, signal),
        AnswerMessage answer => AnswerAsync(Seat, answer),
        ReadyMessage ready => ReadyAsync(Seat, ready),
        FailedMessage failed =>
            DoneAsync(_grains.Ask(_grains.Channel(Seat.Channel).ConnectionFailed(Seat.Session, failed.Epoch, failed.Peer))),
        StateMessage state => ChangeStateAsync(state),
        QualityMessage quality => ReportAsync(Seat, quality),
        MovedMessage => Done(_protocol.Moved),
        SyncMessage => Coalesce(_syncs, CoalescedType.Sync),
        PingMessage ping => Done(() => _connection.Send(new PongMessage(ping.Id))),
        LeaveMessage => DoneAsync(_seats.LeaveAsync(Seat)),
        SimulateMessage simulate => _faults.SimulateAsync(Seat, simulate.Fault),
        _ => throw new InvalidOperationException($"There is no command for {message.GetType().Name}."),
    };

    private async Task<CommandOutcome> SignalAsync(Seat seat, SignalMessage signal)
    {
        if (signal.IsTooLarge())
            return new CommandOutcome(VoiceError.MessageTooLarge, TooLargeSignal);
        var (error, peer) = seat.Replica.FindPeer(seat.Number, seat.Since, signal.To, signal.Epoch);
        if (error != VoiceError.None)
            return new CommandOutcome(error);
        if (_signalBytes.Take(signal.Size()) is { Ticks: > 0 } wait)
            return CommandOutcome.TooMany(wait);
        var message = new PeerSignal(seat.Number, signal.Epoch, signal.Payload());
        return new CommandOutcome(await _grains.Ask(_grains.Mailbox(peer).Signal(seat.Channel, message)));
    }

    private async Task<CommandOutcome> AnswerAsync(Seat seat, AnswerMessage answer)
    {
        var flaw = AnswerReader.Read(answer.Sdp, answer.Epoch, seat.Replica.OfferedMediaCount(seat.Session, answer.Epoch), out var read);
        return flaw == AnswerFlaw.None
            ? new CommandOutcome(await _grains.Ask(_grains.Channel(seat.Channel).Answer(seat.Session, read!)))
            : new CommandOutcome(VoiceError.InvalidAnswer, AnswerFlaws.Describe(flaw));
    }

    private Task<CommandOutcome> ChangeStateAsync(StateMessage state)
    {
        _newestState = state;
        return Coalesce(_states, CoalescedType.State);
    }

    private Task<CommandOutcome> SetStateAsync()
    {
        var (muted, deafened) = (_newestState.Muted || _newestState.Deafened, _newestState.Deafened);
        return DoneAsync(_grains.Ask(_grains.Channel(Seat.Channel).SetState(Seat.Session, muted, deafened)));
    }

    private Task<CommandOutcome> SendRosterAsync() => Done(() => Seat.Replica.SendRoster(Seat.Session));

    private Task<CommandOutcome> Coalesce(Coalescer requests, CoalescedType type)
    {
        if (requests.IsWaiting)
            _metrics.Merged(type);
        return requests.RequestAsync();
    }

    private Task<CommandOutcome> ReadyAsync(Seat seat, ReadyMessage ready)
    {
        _seats.RecordReady(seat, ready.Epoch);
        return DoneAsync(_grains.Ask(_grains.Channel(seat.Channel).Ready(seat.Session, ready.Epoch)));
    }

    private Task<CommandOutcome> ReportAsync(Seat seat, QualityMessage quality)
    {
        _clientMetrics.Reported(quality, seat.Replica.Mode);
        var report = new QualityReport(quality.RttMs, quality.LossPercent, quality.JitterMs);
        return DoneAsync(_grains.Ask(_grains.Mailbox(seat.Session).ReportQuality(report)));
    }

    private static bool CostsCall(ClientMessage message) =>
        message is ReadyMessage or AnswerMessage or FailedMessage or QualityMessage or SimulateMessage;

    private static async Task<CommandOutcome> DoneAsync(Task call)
    {
        await call;
        return CommandOutcome.Done;
    }

    private static Task<CommandOutcome> Done(Action action)
    {
        action();
        return Task.FromResult(CommandOutcome.Done);
    }
}
