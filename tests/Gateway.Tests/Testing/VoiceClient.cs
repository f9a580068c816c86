using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace Hype.Gateway.Tests.Testing;

/// <summary>A client that says what the test wants and hears what the gateway says. Reads only when it is asked to.</summary>
internal sealed class VoiceClient : IDisposable
{
    /// <summary>Real time: only a hang ends here.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ClientWebSocket _socket = new();

    private VoiceClient() => _socket.Options.AddSubProtocol("hype.voice.v1");

    public JsonElement Welcome { get; set; }

    public MemberNumber Number => new MemberNumber(Welcome.GetProperty("number").GetUInt32());

    public string ResumeToken => Welcome.GetProperty("resumeToken").GetString()!;

    /// <param name="gateway">With TLS if it is <c>https</c>.</param>
    /// <param name="origin">Of the page that it is.</param>
    /// <param name="http">What connects; default: the socket itself.</param>
    public static async Task<VoiceClient> ConnectAsync(Uri gateway, string? origin = null, HttpMessageInvoker? http = null)
    {
        var client = new VoiceClient();
        if (origin is not null)
            client._socket.Options.SetRequestHeader("Origin", origin);
        using var timeout = new CancellationTokenSource(Patience);
        await client._socket.ConnectAsync(new UriBuilder(gateway) { Scheme = gateway.Scheme == Uri.UriSchemeHttps ? "wss" : "ws", Path = "/api/voice/ws" }.Uri, http, timeout.Token);
        return client;
    }

    public Task SendAsync(string json) => SendAsync(Encoding.UTF8.GetBytes(json), WebSocketMessageType.Text);

    public async Task SendAsync(ReadOnlyMemory<byte> message, WebSocketMessageType type)
    {
        using var timeout = new CancellationTokenSource(Patience);
        await _socket.SendAsync(message, type, endOfMessage: true, timeout.Token);
    }

    /// <summary>The next message; null when the gateway closed the socket.</summary>
    public async Task<JsonElement?> ReceiveAsync()
    {
        using var timeout = new CancellationTokenSource(Patience);
        using var message = new MemoryStream();
        var buffer = new byte[65536];
        while (true)
        {
            var part = await _socket.ReceiveAsync(buffer.AsMemory(), timeout.Token);
            if (part.MessageType == WebSocketMessageType.Close)
            {
                // Polite: the gateway does not have to wait for its close timeout.
                if (_socket.State == WebSocketState.CloseReceived)
                    await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, timeout.Token);
                return null;
            }

            message.Write(buffer, 0, part.Count);
            if (part.EndOfMessage)
                return JsonDocument.Parse(message.ToArray()).RootElement;
        }
    }

    /// <summary>The next message of this type; others before it are skipped.</summary>
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

    /// <summary>Says ping and waits for its pong: everything sent before is dealt with then.</summary>
    public async Task PingAsync()
    {
        await SendAsync("""{"type":"ping","id":1}""");
        await ExpectAsync("pong");
    }

    /// <summary>Reads to the end: the reason of <c>bye</c> (null without one) and the close code.</summary>
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

    /// <summary>Gone without a word, as when the network is.</summary>
    public void Abort() => _socket.Abort();

    public void Dispose() => _socket.Dispose();
}
