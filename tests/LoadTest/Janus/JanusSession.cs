using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Hype.LoadTest.Janus;

/// <summary>
/// A session of Janus, over a WebSocket of its own (subprotocol <c>janus-protocol</c>). Every request carries a transaction, and its
/// answer comes with the same one: at once, or after an <c>ack</c> as an event, when a plugin works in its own time.
/// </summary>
internal sealed class JanusSession : IAsyncDisposable
{
    /// <summary>The notice that no more will come.</summary>
    public const string Closed = "closed";

    private const string Subprotocol = "janus-protocol";

    // Janus ends a session that asked for nothing in 60 s (session_timeout).
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

    /// <param name="server">Of its WebSocket transport: <c>ws://host:8188</c>.</param>
    /// <param name="onNotice">
    /// What Janus says unasked, by its word for it: <c>webrtcup</c>, <c>event</c>, <c>hangup</c> …; and <see cref="Closed"/>. Called
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

    /// <summary>A handle: one peer connection with a plugin behind it.</summary>
    public async Task<JanusHandle> AttachAsync(string plugin, CancellationToken stop)
    {
        var attached = await RequestAsync(new JsonObject { ["janus"] = "attach", ["plugin"] = plugin }, stop);
        return new JanusHandle(this, attached.GetProperty("data").GetProperty("id").GetUInt64());
    }

    /// <summary>Sends a request of this session and waits for what it comes to.</summary>
    /// <exception cref="JanusException">Janus refused it, or the connection is gone.</exception>
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
            // Looked at after the entry is there: a reader that ends now fails the entry, one that had ended is seen here.
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
            catch (Exception error) when (error is WebSocketException or OperationCanceledException)
            {
                // Janus was faster, or does not answer: the socket is closed below either way.
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
        catch (WebSocketException error)
        {
            throw new JanusException("The connection to Janus is gone.", error);
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
                Settle(parsed.RootElement);
            }
        }
        catch (Exception error) when (error is WebSocketException or OperationCanceledException or JsonException)
        {
            _ended = error;
            foreach (var answered in _awaited.Values)
                answered.TrySetException(new JanusException("The connection to Janus is gone.", error));
            _onNotice(Closed);
        }
    }

    private void Settle(JsonElement message)
    {
        var kind = message.GetProperty("janus").GetString()!;
        if (!message.TryGetProperty("transaction", out var transaction))
        {
            _onNotice(kind);
            return;
        }
        // After an ack the answer is still to come; an answer that nobody waits for is to a keep-alive, or came too late.
        if (kind == "ack" || !_awaited.TryGetValue(transaction.GetString()!, out var answered))
            return;
        if (kind == "error")
        {
            var error = message.GetProperty("error");
            answered.TrySetException(new JanusException($"{error.GetProperty("reason").GetString()} ({error.GetProperty("code").GetInt32()})"));
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
                await SendAsync(new JsonObject { ["janus"] = "keepalive", ["session_id"] = _id, ["transaction"] = "keepalive" }, _closing.Token);
        }
        catch (Exception error) when (error is JanusException or OperationCanceledException)
        {
            // Closed by us, or the reader knows the reason and tells it to whoever asks next.
        }
    }
}
