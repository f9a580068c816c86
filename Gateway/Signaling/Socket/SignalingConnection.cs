using System.Buffers;
using System.Net.WebSockets;
using System.Threading.Channels;
using Hype.Gateway.Signaling.Messages;
using Hype.Gateway.Signaling.Replica;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Abstractions.Naming;

namespace Hype.Gateway.Signaling.Socket;

/// <summary>
/// One client's socket. It receives whole messages in order, and sends from a bounded queue. It closes when the peer does not join in
/// time, is silent, does not read, or sends too large messages. The queue is bounded in messages and in bytes.
/// <para>
/// Closing: only the first reason counts. The queued frames, <c>bye</c> and the close frame are sent, and the peer answers. A peer that
/// does not answer within <see cref="SignalingOptions.CloseTimeout"/> is aborted.
/// </para>
/// </summary>
internal sealed class SignalingConnection : ISignalingSocket, IAsyncDisposable
{
    /// <summary>The number of ping intervals without a message after which the socket counts as silent.</summary>
    private const int SilentPings = 3;

    /// <summary>
    /// The size above which a message is sent in parts. The send timeout applies to each part, so that a roster of thousands has time on a
    /// slow network.
    /// </summary>
    private const int LargestPart = 65_536;

    private const int NotClosing = -1;

    // Injected.
    private readonly WebSocket _socket;
    private readonly SignalingOptions _options;
    private readonly SignalingMetrics _metrics;

    // Owned.
    private readonly Channel<ReadOnlyMemory<byte>> _queue;
    private readonly CancellationTokenSource _aborted = new();
    private readonly ITimer _joinTimer;
    private readonly ITimer _silenceTimer;
    private readonly ITimer _closeTimer;
    private readonly ITimer _sendTimer;
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(4096);
    private int _closing = NotClosing;
    private long _queuedBytes;
    private volatile bool _peerClosed;

    public SignalingConnection(WebSocket socket, SignalingOptions options, SignalingMetrics metrics, TimeProvider time)
    {
        _socket = socket;
        _options = options;
        _metrics = metrics;
        _queue = Channel.CreateBounded<ReadOnlyMemory<byte>>(new BoundedChannelOptions(options.SendQueue) { SingleReader = true });
        _joinTimer = time.CreateTimer(_ => Close(SocketCloseReason.JoinTimeout), null, options.JoinTimeout, Timeout.InfiniteTimeSpan);
        _silenceTimer = time.CreateTimer(
            _ => Close(SocketCloseReason.Silent), null, SilentPings * options.PingInterval, Timeout.InfiniteTimeSpan);
        _closeTimer = time.CreateTimer(_ => _aborted.Cancel(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _sendTimer = time.CreateTimer(_ => SendTimedOut(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>
    /// The handler that continues the session in another channel; set by the session that serves this socket. It returns at once.
    /// </summary>
    public Action<ChannelId, JoinResult>? OnTransfer { get; set; }

    /// <inheritdoc/>
    public SocketCloseReason? Closing => Volatile.Read(ref _closing) is var reason and not NotClosing ? (SocketCloseReason)reason : null;

    /// <summary>The number of bytes that wait to be sent.</summary>
    public long QueuedBytes => Interlocked.Read(ref _queuedBytes);

    /// <summary>Stops the timer of the join timeout: the client has asked for a seat in time.</summary>
    public void StopJoinTimer() => _joinTimer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    /// <summary>Starts the join timeout again: the client was refused a seat.</summary>
    public void StartJoinTimer() => _joinTimer.Change(_options.JoinTimeout, Timeout.InfiniteTimeSpan);

    /// <summary>
    /// Receives and sends messages until the socket is closed. It throws no exception for errors of the peer or the network.
    /// </summary>
    public async Task RunAsync(TextHandler onText, BinaryHandler onBinary)
    {
        var sending = SendLoopAsync();
        try
        {
            await ReceiveLoopAsync(onText, onBinary);
        }
        catch (Exception exception) when (IsGone(exception))
        {
            // The peer or the network ended the connection: the session may be resumed.
        }
        finally
        {
            // Nothing more is received, so only the answer to the peer's close is still worth sending.
            _closeTimer.Change(_options.CloseTimeout, Timeout.InfiniteTimeSpan);
            _peerClosed = true;
            _queue.Writer.TryComplete();
            await sending;
        }
    }

    public void Send(ReadOnlyMemory<byte> frame)
    {
        if (Closing is not null || _aborted.IsCancellationRequested)
            return;
        // One frame above the limit is admitted: a roster may be larger than the whole queue.
        var waiting = Interlocked.Add(ref _queuedBytes, frame.Length) - frame.Length;
        if (waiting <= _options.SendQueueBytes && _queue.Writer.TryWrite(frame))
            return;
        Interlocked.Add(ref _queuedBytes, -frame.Length);
        if (!_peerClosed)
            Close(SocketCloseReason.Slow);
    }

    public void Send(ServerMessage message) => Send(SignalingJsonContext.Frame(message));

    public void Transfer(ChannelId channel, JoinResult seat) => OnTransfer?.Invoke(channel, seat);

    public void Close(SocketCloseReason reason)
    {
        if (Interlocked.CompareExchange(ref _closing, (int)reason, NotClosing) != NotClosing)
            return;
        _metrics.Closed(reason);
        _closeTimer.Change(_options.CloseTimeout, Timeout.InfiniteTimeSpan);
        _queue.Writer.TryComplete();
    }

    public async ValueTask DisposeAsync()
    {
        await _joinTimer.DisposeAsync();
        await _silenceTimer.DisposeAsync();
        await _closeTimer.DisposeAsync();
        await _sendTimer.DisposeAsync();
        ArrayPool<byte>.Shared.Return(_buffer);
        _socket.Dispose();
        _aborted.Dispose();
    }

    private async Task ReceiveLoopAsync(TextHandler onText, BinaryHandler onBinary)
    {
        var length = 0;
        while (true)
        {
            var part = await _socket.ReceiveAsync(_buffer.AsMemory(length), _aborted.Token);
            if (part.MessageType == WebSocketMessageType.Close)
                return;
            _silenceTimer.Change(SilentPings * _options.PingInterval, Timeout.InfiniteTimeSpan);

            // After the first reason to close, messages are read only to reach the peer's close frame.
            length = Closing is null ? length + part.Count : 0;
            if (length > _options.MaxMessageBytes)
            {
                _metrics.Refused(VoiceError.MessageTooLarge, inReplyTo: null);
                Send(ErrorMessage.From(VoiceError.MessageTooLarge, inReplyTo: null));
                Close(SocketCloseReason.MessageTooLarge);
                length = 0;
            }
            else if (!part.EndOfMessage)
            {
                if (length == _buffer.Length)
                    GrowBuffer();
            }
            else if (Closing is null)
            {
                var message = _buffer.AsMemory(0, length);
                length = 0;
                if (part.MessageType == WebSocketMessageType.Text)
                    await onText(message);
                else
                    onBinary();
            }
        }
    }

    /// <summary>
    /// Doubles the receive buffer, up to one byte above the size limit of a message: enough to detect a message that is too large.
    /// </summary>
    private void GrowBuffer()
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Min(_buffer.Length * 2, _options.MaxMessageBytes + 1));
        _buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }

    private async Task SendLoopAsync()
    {
        try
        {
            await foreach (var frame in _queue.Reader.ReadAllAsync(_aborted.Token))
            {
                // A client that does not read gets none of its queue, only the reason.
                if (Closing is SocketCloseReason.Slow or SocketCloseReason.Dropped)
                    break;
                Interlocked.Add(ref _queuedBytes, -frame.Length);
                await SendAsync(frame);
            }

            await SendCloseAsync();
        }
        catch (Exception exception) when (IsGone(exception))
        {
            _socket.Abort();
        }
    }

    private async ValueTask SendAsync(ReadOnlyMemory<byte> frame)
    {
        do
        {
            var part = frame[..Math.Min(frame.Length, LargestPart)];
            frame = frame[part.Length..];
            var sending = _socket.SendAsync(part, WebSocketMessageType.Text, endOfMessage: frame.IsEmpty, _aborted.Token);
            if (!sending.IsCompleted)
                _sendTimer.Change(_options.SendTimeout, Timeout.InfiniteTimeSpan);
            await sending;
            _sendTimer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
        while (!frame.IsEmpty);
    }

    /// <summary>Ends the socket of a client that does not read: neither its queue nor a <c>bye</c> can reach it.</summary>
    private void SendTimedOut()
    {
        Close(SocketCloseReason.SendTimeout);
        _aborted.Cancel();
    }

    private async Task SendCloseAsync()
    {
        if (Closing is not { } reason)
        {
            await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, _aborted.Token);
            return;
        }

        var description = SocketCloseReasons.Describe(reason);
        if (reason != SocketCloseReason.Dropped)
        {
            var bye = SignalingJsonContext.Frame(new ByeMessage(reason, description.Reconnect, description.Sentence));
            await SendAsync(bye);
        }

        await _socket.CloseOutputAsync((WebSocketCloseStatus)description.Code, WireEnum<SocketCloseReason>.NameOf(reason), _aborted.Token);
    }

    private static bool IsGone(Exception exception) =>
        exception is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException;

    /// <summary>Handles a whole text message. The connection reads the next message after the returned task has completed.</summary>
    public delegate Task TextHandler(ReadOnlyMemory<byte> message);

    /// <summary>Handles a whole binary message, whose content is not read.</summary>
    public delegate void BinaryHandler();
}
