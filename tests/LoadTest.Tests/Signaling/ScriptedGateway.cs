using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Hype.LoadTest.Tests.Signaling;

/// <summary>A gateway whose messages the test sends: it has real sockets on loopback, but no channel.</summary>
internal sealed class ScriptedGateway : IAsyncDisposable
{
    /// <summary>The time limit for each wait; only a test that hangs reaches it.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly WebApplication _app;
    private readonly Channel<Socket> _sockets = Channel.CreateUnbounded<Socket>();
    private readonly ConcurrentBag<Socket> _served = [];
    private bool _gone;

    private ScriptedGateway(WebApplication app) => _app = app;

    public Uri Url => new(_app.Urls.Single());

    public static async Task<ScriptedGateway> StartAsync()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var gateway = new ScriptedGateway(app);
        app.UseWebSockets();
        app.Map("/api/voice/ws", gateway.ServeAsync);
        await app.StartAsync();
        return gateway;
    }

    /// <summary>Waits for the next socket of a client.</summary>
    public async Task<Socket> AcceptAsync()
    {
        using var limit = new CancellationTokenSource(Limit);
        return await _sockets.Reader.ReadAsync(limit.Token);
    }

    /// <summary>Simulates a killed gateway: drops its sockets and closes its port.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _gone, true))
            return;
        foreach (var socket in _served)
            socket.Drop();
        await _app.DisposeAsync();
    }

    private async Task ServeAsync(HttpContext context)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync("hype.voice.v1");
        var served = new Socket(socket, context);
        _served.Add(served);
        await _sockets.Writer.WriteAsync(served);
        await served.Over;
    }

    /// <summary>The gateway's side of the socket of one client.</summary>
    internal sealed class Socket(WebSocket socket, HttpContext context)
    {
        private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly byte[] _buffer = new byte[65536];
        private bool _dropped;

        public Task Over => _over.Task;

        /// <summary>Returns the next message of the given type, and skips messages of other types before it.</summary>
        public async Task<JsonElement> ExpectAsync(string type) => (await UntilAsync(type))[^1];

        /// <summary>Returns all messages up to and including the first one of the given type.</summary>
        public async Task<IReadOnlyList<JsonElement>> UntilAsync(string type)
        {
            var messages = new List<JsonElement>();
            do
                messages.Add(await ReceiveAsync());
            while (messages[^1].GetProperty("type").GetString() != type);
            return messages;
        }

        public Task SayAsync(object message) =>
            socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(message, JsonSerializerOptions.Web), WebSocketMessageType.Text,
                endOfMessage: true, CancellationToken.None);

        /// <param name="pingIntervalMs">By default no ping occurs: this gateway answers none.</param>
        /// <param name="gateways">WebSocket URLs of other gateways.</param>
        public Task WelcomeAsync(
            bool resumed = false, string mode = "p2p", int pingIntervalMs = 3_600_000, params Uri[] gateways) => SayAsync(new
            {
                type = "welcome",
                channel = "lobby",
                number = 1,
                resumeToken = "the-token",
                resumeWindowMs = 30_000,
                resumed,
                gateways,
                limits = new { pingIntervalMs },
                settings = new { slots = 6 },
                layout = new { mode, epoch = 1 },
                participants = new[] { new { number = 1 } },
            });

        /// <summary>Drops the socket without a message, as when the process is killed.</summary>
        public void Drop()
        {
            if (Interlocked.Exchange(ref _dropped, true))
                return;
            context.Abort();
            _over.TrySetResult();
        }

        private async Task<JsonElement> ReceiveAsync()
        {
            using var limit = new CancellationTokenSource(Limit);
            var length = 0;
            ValueWebSocketReceiveResult part;
            do
            {
                part = await socket.ReceiveAsync(_buffer.AsMemory(length), limit.Token);
                Assert.That(part.MessageType, Is.EqualTo(WebSocketMessageType.Text), "the client closed");
                length += part.Count;
            }
            while (!part.EndOfMessage);
            return JsonDocument.Parse(_buffer.AsMemory(0, length).ToArray()).RootElement;
        }
    }
}
