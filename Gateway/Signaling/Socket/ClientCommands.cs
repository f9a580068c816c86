using Hype.Gateway.Cluster;
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
internal sealed class ClientCommands(
    SignalingConnection connection,
    SignalingProtocol protocol,
    SeatKeeper seats,
    FaultSimulator faults,
    GrainAccess grains,
    ClientMetrics clientMetrics)
{
    /// <summary>
    /// The client's seat. It is never null when a command runs: the protocol refuses messages that need a seat before the client has one.
    /// </summary>
    private Seat Seat => seats.Seat!;

    public Task<CommandOutcome> RunAsync(ClientMessage message) => message switch
    {
        JoinMessage join => seats.JoinAsync(join),
        ResumeMessage resume => seats.ResumeAsync(resume),
        SignalMessage signal => SignalAsync(Seat, signal),
        AnswerMessage answer => AnswerAsync(Seat, answer),
        ReadyMessage ready => ReadyAsync(Seat, ready),
        FailedMessage failed =>
            DoneAsync(grains.Ask(grains.Channel(Seat.Channel).ConnectionFailed(Seat.Session, failed.Epoch, failed.Peer))),
        StateMessage state =>
            DoneAsync(grains.Ask(grains.Channel(Seat.Channel).SetState(Seat.Session, state.Muted || state.Deafened, state.Deafened))),
        QualityMessage quality => ReportAsync(Seat, quality),
        MovedMessage => Done(protocol.Moved),
        SyncMessage => Done(() => Seat.Replica.SendRoster(Seat.Session)),
        PingMessage ping => Done(() => connection.Send(new PongMessage(ping.Id))),
        LeaveMessage => DoneAsync(seats.LeaveAsync(Seat)),
        SimulateMessage simulate => faults.SimulateAsync(Seat, simulate.Fault),
        _ => throw new InvalidOperationException($"There is no command for {message.GetType().Name}."),
    };

    private async Task<CommandOutcome> SignalAsync(Seat seat, SignalMessage signal)
    {
        if (seat.Replica.Find(signal.To) is not { } peer || peer.Number == seat.Number)
            return new CommandOutcome(VoiceError.UnknownParticipant);
        var message = new PeerSignal(seat.Number, signal.Epoch, signal.Payload());
        return new CommandOutcome(await grains.Ask(grains.Mailbox(peer.Session).Signal(seat.Channel, message)));
    }

    private async Task<CommandOutcome> AnswerAsync(Seat seat, AnswerMessage answer)
    {
        var flaw = AnswerReader.Read(answer.Sdp, answer.Epoch, seat.Replica.OfferedMediaCount(seat.Session, answer.Epoch), out var read);
        return flaw == AnswerFlaw.None
            ? new CommandOutcome(await grains.Ask(grains.Channel(seat.Channel).Answer(seat.Session, read!)))
            : new CommandOutcome(VoiceError.InvalidAnswer, AnswerFlaws.Describe(flaw));
    }

    private Task<CommandOutcome> ReadyAsync(Seat seat, ReadyMessage ready)
    {
        seats.RecordReady(seat, ready.Epoch);
        return DoneAsync(grains.Ask(grains.Channel(seat.Channel).Ready(seat.Session, ready.Epoch)));
    }

    private Task<CommandOutcome> ReportAsync(Seat seat, QualityMessage quality)
    {
        clientMetrics.Reported(quality, seat.Replica.Mode);
        var report = new QualityReport(quality.RttMs, quality.LossPercent, quality.JitterMs);
        return DoneAsync(grains.Ask(grains.Mailbox(seat.Session).ReportQuality(report)));
    }

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
