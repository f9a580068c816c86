using System.Buffers;
using System.Net.WebSockets;
using System.Text.Json;

namespace Hype.LoadTest.Signaling;

/// <summary>
/// One WebSocket of <c>hype.voice.v1</c>. Messages are built and read from docs/signaling.md alone, without the gateway's types: so
/// the tool is a second reading of the page, and brings neither ASP.NET nor Orleans along.
/// </summary>
internal sealed class SignalingSocket : IDisposable
{
    private const string Subprotocol = "hype.voice.v1";

    private readonly ClientWebSocket _socket = new();
    private readonly SemaphoreSlim _sending = new(1);
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(8192);

    /// <exception cref="WebSocketException">Nobody listens there, or not this protocol.</exception>
    public async Task ConnectAsync(Uri gateway, CancellationToken stop)
    {
        _socket.Options.AddSubProtocol(Subprotocol);
        _socket.Options.KeepAliveInterval = TimeSpan.Zero; // the protocol has pings of its own
        var url = new UriBuilder(gateway) { Scheme = gateway.Scheme == Uri.UriSchemeHttps ? "wss" : "ws", Path = "/api/voice/ws" };
        await _socket.ConnectAsync(url.Uri, stop);
    }

    /// <summary>False: the socket is gone; whoever receives will see it too.</summary>
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
        catch (Exception gone) when (gone is InvalidOperationException || IsGone(gone, stop))
        {
            return false;
        }
        finally
        {
            _sending.Release();
        }
    }

    /// <summary>The next message; null: the socket was closed or lost.</summary>
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
            catch (Exception gone) when (IsGone(gone, stop))
            {
                return null;
            }
            if (part.MessageType == WebSocketMessageType.Close)
                return null;
            length += part.Count;
            if (part.EndOfMessage)
                return JsonDocument.Parse(_buffer.AsMemory(0, length).ToArray());
            if (length == _buffer.Length)
                Grow();
        }
    }

    /// <summary>Drops the connection without a word, as a network does.</summary>
    public void Abort() => _socket.Abort();

    /// <summary>Only when nobody receives any more.</summary>
    public void Dispose()
    {
        _socket.Dispose();
        _sending.Dispose();
        ArrayPool<byte>.Shared.Return(_buffer);
    }

    /// <summary>Lost, or aborted from our side: the framework calls the latter a cancellation that nobody asked for.</summary>
    private static bool IsGone(Exception error, CancellationToken stop) =>
        error is WebSocketException || (error is OperationCanceledException && !stop.IsCancellationRequested);

    private void Grow()
    {
        var larger = ArrayPool<byte>.Shared.Rent(2 * _buffer.Length);
        _buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
