using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Hype.LoadTest.Janus;

/// <summary>
/// A Janus session over a WebSocket of its own (subprotocol <c>janus-protocol</c>). Each request carries a transaction id, and Janus
/// repeats the id in the answer. Janus answers at once; or, if the plugin works asynchronously, it sends an <c>ack</c> first and the
/// answer later, as an event.
/// </summary>
internal sealed class JanusSession : IAsyncDisposable
{
    /// <summary>The type of a session's last notice: this class, not Janus, raises it when the connection has ended.</summary>
    public const string Closed = "closed";

    private const string Subprotocol = "janus-protocol";

    // Janus ends a session without a request for 60 s (session_timeout).
    private static readonly TimeSpan KeepAliveInterval = TimeSpan.FromSeconds(25);
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(2);

    private readonly Action<string> _onNotice;
    private readonly ClientWebSocket _socket = new();
    private readonly SemaphoreSlim _sending = new(1);
    private readonly CancellationTokenSource _closing = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource<JsonElement>> _awaited = [];
    private volatile Exception? _ended;
    private Task _reading = Task.CompletedTask;
    private Task _keepingAlive = Task.CompletedTask;
    private ulong _id;
    private int _transaction;

    private JanusSession(Action<string> onNotice)
    {
        _onNotice = onNotice;
        _socket.Options.AddSubProtocol(Subprotocol);
        _socket.Options.Proxy = null;
    }

    /// <param name="server">The address of the WebSocket transport: <c>ws://host:8188</c>.</param>
    /// <param name="onNotice">
    /// Receives Janus' unsolicited messages by name: <c>webrtcup</c>, <c>event</c>, <c>hangup</c> …; and <see cref="Closed"/>. Called
    /// on the reader's thread.
    /// </param>
    public static async Task<JanusSession> OpenAsync(Uri server, Action<string> onNotice, CancellationToken stop)
    {
        var session = new JanusSession(onNotice);
        try
        {
            await session._socket.ConnectAsync(server, stop);
            session._reading = session.ReadAsync();
            var created = await session.RequestAsync(new JsonObject { ["janus"] = "create" }, stop);
            session._id = created.GetProperty("data").GetProperty("id").GetUInt64();
            session._keepingAlive = session.KeepAliveAsync();
            return session;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    /// <summary>Creates a handle, which is one peer connection, and attaches it to a plugin.</summary>
    public async Task<JanusHandle> AttachAsync(string plugin, CancellationToken stop)
    {
        var attached = await RequestAsync(new JsonObject { ["janus"] = "attach", ["plugin"] = plugin }, stop);
        return new JanusHandle(this, attached.GetProperty("data").GetProperty("id").GetUInt64());
    }

    /// <summary>Sends a request in this session and waits for its result.</summary>
    /// <exception cref="JanusException">Janus refused the request, or the connection is lost.</exception>
    public async Task<JsonElement> RequestAsync(JsonObject request, CancellationToken stop)
    {
        var transaction = Interlocked.Increment(ref _transaction).ToString(CultureInfo.InvariantCulture);
        request["transaction"] = transaction;
        if (_id != 0)
            request["session_id"] = _id;

        var answered = new TaskCompletionSource<JsonElement>(TaskCreationOptions.RunContinuationsAsynchronously);
        _awaited[transaction] = answered;
        try
        {
            // Checked after the entry exists: a reader that ends now fails the entry, and a reader that ended before is detected here.
            if (_ended is { } reason)
                throw new JanusException("The connection to Janus is gone.", reason);
            await SendAsync(request, stop);
            return await answered.Task.WaitAsync(stop);
        }
        finally
        {
            _awaited.TryRemove(transaction, out _);
        }
    }

    /// <summary>Closes the connection; Janus then destroys the session and its handles.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_socket.State == WebSocketState.Open)
        {
            using var limit = new CancellationTokenSource(CloseTimeout);
            try
            {
                await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, limit.Token);
                await _reading.WaitAsync(limit.Token);
            }
            catch (Exception exception) when (exception is WebSocketException or OperationCanceledException)
            {
                // Janus was faster, or does not answer: either way the socket is closed below.
            }
        }

        await _closing.CancelAsync();
        await Task.WhenAll(_reading, _keepingAlive);
        _socket.Dispose();
        _sending.Dispose();
        _closing.Dispose();
    }

    private async Task SendAsync(JsonObject message, CancellationToken stop)
    {
        await _sending.WaitAsync(stop);
        try
        {
            await _socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(message), WebSocketMessageType.Text, endOfMessage: true, stop);
        }
        catch (WebSocketException exception)
        {
            throw new JanusException("The connection to Janus is gone.", exception);
        }
        finally
        {
            _sending.Release();
        }
    }

    private async Task ReadAsync()
    {
        var message = new ArrayBufferWriter<byte>(16 * 1024);
        try
        {
            while (true)
            {
                message.ResetWrittenCount();
                ValueWebSocketReceiveResult part;
                do
                {
                    part = await _socket.ReceiveAsync(message.GetMemory(4096), _closing.Token);
                    message.Advance(part.Count);
                }
                while (!part.EndOfMessage);
                if (part.MessageType == WebSocketMessageType.Close)
                    throw new WebSocketException(WebSocketError.ConnectionClosedPrematurely, "Janus closed the connection.");
                using var parsed = JsonDocument.Parse(message.WrittenMemory);
                Complete(parsed.RootElement);
            }
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException or JsonException)
        {
            _ended = exception;
            foreach (var answered in _awaited.Values)
                answered.TrySetException(new JanusException("The connection to Janus is gone.", exception));
            _onNotice(Closed);
        }
    }

    private void Complete(JsonElement message)
    {
        var kind = message.GetProperty("janus").GetString()!;
        if (!message.TryGetProperty("transaction", out var transaction))
        {
            _onNotice(kind);
            return;
        }

        // After an ack the answer follows; an answer without a waiting request belongs to a keep-alive, or came too late.
        if (kind == "ack" || !_awaited.TryGetValue(transaction.GetString()!, out var answered))
            return;
        if (kind == "error")
        {
            var error = message.GetProperty("error");
            answered.TrySetException(
                new JanusException($"{error.GetProperty("reason").GetString()} ({error.GetProperty("code").GetInt32()})"));
            return;
        }

        answered.TrySetResult(message.Clone());
    }

    private async Task KeepAliveAsync()
    {
        using var timer = new PeriodicTimer(KeepAliveInterval);
        try
        {
            while (await timer.WaitForNextTickAsync(_closing.Token))
                await SendAsync(
                    new JsonObject { ["janus"] = "keepalive", ["session_id"] = _id, ["transaction"] = "keepalive" }, _closing.Token);
        }
        catch (Exception exception) when (exception is JanusException or OperationCanceledException)
        {
            // Closed by this side; or the reader knows the reason and reports it to the next request.
        }
    }
}
