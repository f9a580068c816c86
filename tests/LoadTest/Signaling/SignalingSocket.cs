using System.Buffers;
using System.Net.WebSockets;
using System.Text.Json;

namespace Hype.LoadTest.Signaling;

/// <summary>
/// One WebSocket of <c>hype.voice.v1</c>. The code for the messages follows docs/signaling.md and does not use the gateway's types: so the
/// tool verifies the page independently, and needs neither ASP.NET nor Orleans.
/// </summary>
internal sealed class SignalingSocket : IDisposable
{
    private const string Subprotocol = "hype.voice.v1";

    private readonly ClientWebSocket _socket = new();
    private readonly SemaphoreSlim _sending = new(1);
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(8192);
    private int _received;

    /// <summary>
    /// Returns the WebSocket URL of a gateway: <c>https://voice.example.org</c> → <c>wss://voice.example.org/api/voice/ws</c>.
    /// </summary>
    public static Uri UrlOf(Uri gateway) =>
        new UriBuilder(gateway)
        {
            Scheme = gateway.Scheme == Uri.UriSchemeHttps ? "wss" : "ws",
            Path = $"{gateway.AbsolutePath.TrimEnd('/')}/api/voice/ws"
        }.Uri;

    /// <param name="url">The value of <see cref="UrlOf"/> or <c>welcome.gateways</c>.</param>
    /// <exception cref="WebSocketException">The address does not answer, or does not speak this protocol.</exception>
    public async Task ConnectAsync(Uri url, CancellationToken stop)
    {
        _socket.Options.AddSubProtocol(Subprotocol);
        _socket.Options.KeepAliveInterval = TimeSpan.Zero; // the protocol has its own pings
        await _socket.ConnectAsync(url, stop);
    }

    /// <summary>Sends a message. Returns false if the socket is lost; the receiving caller detects the loss too.</summary>
    public async Task<bool> TrySendAsync<T>(T message, CancellationToken stop)
        where T : class
    {
        var frame = JsonSerializer.SerializeToUtf8Bytes(message, JsonSerializerOptions.Web);
        await _sending.WaitAsync(stop);
        try
        {
            await _socket.SendAsync(frame, WebSocketMessageType.Text, endOfMessage: true, stop);
            return true;
        }
        catch (Exception exception) when (exception is InvalidOperationException || IsGone(exception, stop))
        {
            return false;
        }
        finally
        {
            _sending.Release();
        }
    }

    /// <summary>
    /// Sends a ping, and drops the connection if nothing arrives within <paramref name="limit"/>: a vanished host closes nothing.
    /// </summary>
    public async Task ProbeAsync(TimeSpan limit, CancellationToken stop)
    {
        var before = Volatile.Read(ref _received);
        if (!await TrySendAsync(new { type = "ping" }, stop))
            return;
        await Task.Delay(limit, stop);
        if (Volatile.Read(ref _received) == before)
            Abort();
    }

    /// <summary>Returns the next message; null: the socket was closed or lost.</summary>
    public async Task<JsonDocument?> ReceiveAsync(CancellationToken stop)
    {
        var length = 0;
        while (true)
        {
            ValueWebSocketReceiveResult part;
            try
            {
                part = await _socket.ReceiveAsync(_buffer.AsMemory(length), stop);
            }
            catch (Exception exception) when (IsGone(exception, stop))
            {
                return null;
            }

            if (part.MessageType == WebSocketMessageType.Close)
                return null;
            Interlocked.Increment(ref _received);
            length += part.Count;
            if (part.EndOfMessage)
                return JsonDocument.Parse(_buffer.AsMemory(0, length).ToArray());
            if (length == _buffer.Length)
                Grow();
        }
    }

    /// <summary>Drops the connection without a close message, as a network failure does.</summary>
    public void Abort() => _socket.Abort();

    /// <summary>
    /// Releases the socket. Call it only when no receive is pending. A send may still start: therefore the semaphore, which has no
    /// resources, is not disposed.
    /// </summary>
    public void Dispose()
    {
        _socket.Dispose();
        ArrayPool<byte>.Shared.Return(_buffer);
    }

    /// <summary>
    /// Returns true if an exception means that the socket was lost or aborted. The framework reports an abort as a cancellation, and
    /// later as a disposed object.
    /// </summary>
    private static bool IsGone(Exception error, CancellationToken stop) =>
        error is WebSocketException or ObjectDisposedException || (error is OperationCanceledException && !stop.IsCancellationRequested);

    private void Grow()
    {
        var larger = ArrayPool<byte>.Shared.Rent(2 * _buffer.Length);
        _buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
