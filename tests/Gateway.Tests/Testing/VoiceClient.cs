using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace Hype.Gateway.Tests.Testing;

/// <summary>A signaling client that a test controls. It reads only when the test asks for a message.</summary>
internal sealed class VoiceClient : IDisposable
{
    /// <summary>The longest wait for a message, in real time; only a hanging gateway exceeds it.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly ClientWebSocket _socket = new();

    private VoiceClient() => _socket.Options.AddSubProtocol("hype.voice.v1");

    public JsonElement Welcome { get; set; }

    public MemberNumber Number => new MemberNumber(Welcome.GetProperty("number").GetUInt32());

    public string ResumeToken => Welcome.GetProperty("resumeToken").GetString()!;

    /// <summary>The number of payload bytes that the client has received.</summary>
    public long ReceivedBytes { get; private set; }

    /// <summary>Opens a WebSocket to a gateway.</summary>
    /// <param name="gateway">The address; <c>https</c> connects with TLS.</param>
    /// <param name="origin">The origin of the page; null: the client is not a page.</param>
    /// <param name="http">The HTTP client that connects; default: the socket itself.</param>
    public static async Task<VoiceClient> ConnectAsync(Uri gateway, string? origin = null, HttpMessageInvoker? http = null)
    {
        var client = new VoiceClient();
        if (origin is not null)
            client._socket.Options.SetRequestHeader("Origin", origin);
        using var timeout = new CancellationTokenSource(Limit);
        var scheme = gateway.Scheme == Uri.UriSchemeHttps ? "wss" : "ws";
        var url = new UriBuilder(gateway) { Scheme = scheme, Path = "/api/voice/ws" }.Uri;
        await client._socket.ConnectAsync(url, http, timeout.Token);
        return client;
    }

    public Task SendAsync(string json) => SendAsync(Encoding.UTF8.GetBytes(json), WebSocketMessageType.Text);

    public async Task SendAsync(ReadOnlyMemory<byte> message, WebSocketMessageType type)
    {
        using var timeout = new CancellationTokenSource(Limit);
        await _socket.SendAsync(message, type, endOfMessage: true, timeout.Token);
    }

    /// <summary>Reads the next message; null when the gateway closed the socket.</summary>
    public async Task<JsonElement?> ReceiveAsync()
    {
        using var timeout = new CancellationTokenSource(Limit);
        using var message = new MemoryStream();
        var buffer = new byte[65536];
        while (true)
        {
            var part = await _socket.ReceiveAsync(buffer.AsMemory(), timeout.Token);
            if (part.MessageType == WebSocketMessageType.Close)
            {
                // The answer spares the gateway its close timeout.
                if (_socket.State == WebSocketState.CloseReceived)
                    await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, timeout.Token);
                return null;
            }

            message.Write(buffer, 0, part.Count);
            ReceivedBytes += part.Count;
            if (part.EndOfMessage)
                return JsonDocument.Parse(message.ToArray()).RootElement;
        }
    }

    /// <summary>Reads messages up to the next one of a type, and returns it.</summary>
    public async Task<JsonElement> ExpectAsync(string type)
    {
        var seen = new List<string>();
        while (await ReceiveAsync() is { } message)
        {
            seen.Add(message.ToString());
            if (message.GetProperty("type").GetString() == type)
                return message;
        }

        throw new AssertionException($"The socket closed with {_socket.CloseStatus} before '{type}'; seen: {string.Join('\n', seen)}");
    }

    public async Task<string> ExpectErrorAsync() => (await ExpectAsync("error")).GetProperty("code").GetString()!;

    /// <summary>Sends a <c>ping</c> and waits for its <c>pong</c>: by then the gateway has handled all earlier messages.</summary>
    public async Task PingAsync()
    {
        await SendAsync("""{"type":"ping","id":1}""");
        await ExpectAsync("pong");
    }

    /// <summary>
    /// Reads messages until the socket is closed, and returns the reason of <c>bye</c> (null without a <c>bye</c>) and the close code.
    /// </summary>
    public async Task<(string? Bye, int Code)> ExpectCloseAsync()
    {
        string? bye = null;
        while (await ReceiveAsync() is { } message)
        {
            if (message.GetProperty("type").GetString() == "bye")
                bye = message.GetProperty("reason").GetString();
        }

        return (bye, (int)_socket.CloseStatus!);
    }

    /// <summary>Disconnects without a close frame, like a lost network.</summary>
    public void Abort() => _socket.Abort();

    public void Dispose() => _socket.Dispose();
}
