using Hype.Gateway.Cluster;
using Hype.Gateway.Limits;
using Hype.Gateway.Signaling.Messages;
using Hype.Gateway.Signaling.Renewal;
using Hype.Grains.Abstractions.Errors;

namespace Hype.Gateway.Signaling.Socket;

/// <summary>
/// Serves one client: executes its messages one at a time and in order (<see cref="ClientCommands"/>), and sends an error for each failed
/// message. A failed message never ends the socket.
/// </summary>
internal sealed partial class SignalingSession(
    SignalingConnection connection,
    SignalingProtocol protocol,
    SeatKeeper seats,
    ClientCommands commands,
    SocketRenewals renewals,
    ClientLimits limits,
    SignalingMetrics metrics,
    ILogger<SignalingSession> logger)
{
    private readonly SignalingTrace _trace = new();

    // One message, or one transfer, at a time.
    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <summary>Creates the session that serves a socket, with the session's own parts.</summary>
    public static SignalingSession Create(IServiceProvider services, SignalingConnection connection, ClientAddress address)
    {
        var protocol = new SignalingProtocol();
        var renewals = ActivatorUtilities.CreateInstance<SocketRenewals>(services, connection);
        var seats = ActivatorUtilities.CreateInstance<SeatKeeper>(services, connection, address, protocol, renewals);
        var faults = ActivatorUtilities.CreateInstance<FaultSimulator>(services, connection);
        var commands = ActivatorUtilities.CreateInstance<ClientCommands>(services, connection, protocol, seats, faults);
        return ActivatorUtilities.CreateInstance<SignalingSession>(services, connection, protocol, seats, commands, renewals);
    }

    public async Task RunAsync()
    {
        // On another thread: the channel that publishes the transfer holds its replica's lock, and the other channel has one too.
        connection.OnTransfer = (channel, seat) => _ = Task.Run(() => InTurnAsync("transfer", () => seats.TransferAsync(channel, seat)));
        commands.OnDue = (type, command) => _ = InTurnAsync(type, () => AnswerAsync(command, type));
        using (var messages = limits.Messages())
            await connection.RunAsync(
                text => InTurnAsync("message", () => OnTextAsync(text, messages)), () => Refuse(protocol.ReadBinary()));
        renewals.Dispose();
        commands.Dispose();
        await InTurnAsync("detach", seats.GiveUpAsync);
    }

    private async Task OnTextAsync(ReadOnlyMemory<byte> text, MessageLimit messages)
    {
        // The message stays unread: a client over its limit is not served at all.
        if (messages.Take() is { Ticks: > 0 } wait)
        {
            Answer(CommandOutcome.TooMany(wait), null);
            return;
        }

        var inbound = protocol.Read(text.Span);
        metrics.Received(inbound.Type);
        if (inbound.Message is not { } message)
        {
            Refuse(inbound);
            return;
        }

        if (protocol.IsOfFormerChannel(message))
            return;
        using var span = _trace.Begin(message, inbound.Type!, seats.Seat?.Replica);
        await AnswerAsync(() => commands.RunAsync(message), inbound.Type!);
    }

    private async Task AnswerAsync(Func<Task<CommandOutcome>> command, string type)
    {
        try
        {
            Answer(await command(), type);
        }
        catch (Exception exception)
        {
            // A silo is gone, storage is unavailable, or there is a bug: this message fails, and every socket stays open.
            LogFailed(type, exception);
            Answer(new CommandOutcome(GrainAccess.ErrorOf(exception)), type);
        }
    }

    private async Task InTurnAsync(string type, Func<Task> action)
    {
        await _turn.WaitAsync();
        try
        {
            await action();
        }
        catch (Exception exception)
        {
            LogFailed(type, exception);
        }
        finally
        {
            _turn.Release();
        }
    }

    private void Refuse(Inbound inbound)
    {
        if (inbound.TooMany)
        {
            metrics.Refused(inbound.Error, inbound.Type);
            connection.Close(SocketCloseReason.BadMessage);
        }
        else
        {
            Answer(new CommandOutcome(inbound.Error), inbound.Type);
        }
    }

    private void Answer(CommandOutcome outcome, string? inReplyTo)
    {
        if (outcome.Error == VoiceError.None)
            return;
        metrics.Refused(outcome.Error, inReplyTo);
        connection.Send(ErrorMessage.From(outcome.Error, inReplyTo, outcome.Detail, outcome.RetryAfter));
        if ((outcome.Close ?? seats.CloseReason) is { } reason)
            connection.Close(reason);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Failed to serve a client's {Type}")]
    private partial void LogFailed(string type, Exception exception);
}
