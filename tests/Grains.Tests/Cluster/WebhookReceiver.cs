using System.Net;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Hype.Grains.Webhooks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Hype.Grains.Tests.Cluster;

/// <summary>An application's server that takes webhooks, over HTTP.</summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    public const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private readonly WebApplication _server;
    private readonly Channel<JsonElement> _events = Channel.CreateUnbounded<JsonElement>();
    private readonly SemaphoreSlim _refused = new(0);
    private volatile bool _away;

    private WebhookReceiver()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _server = builder.Build();
        _server.MapPost("/hooks", TakeAsync);
    }

    public string Url => $"{_server.Urls.Single()}/hooks";

    /// <summary>It answers 503.</summary>
    public bool Away
    {
        get => _away;
        set => _away = value;
    }

    /// <summary>Requests whose signature was not right.</summary>
    public int Forged { get; private set; }

    public static async Task<WebhookReceiver> StartAsync()
    {
        var receiver = new WebhookReceiver();
        await receiver._server.StartAsync();
        return receiver;
    }

    /// <summary>The next event that was acknowledged.</summary>
    public async Task<JsonElement> NextAsync() => await _events.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));

    /// <summary>A request came while it was away.</summary>
    public async Task RefusesAsync() => Assert.That(await _refused.WaitAsync(TimeSpan.FromSeconds(30)));

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _refused.Dispose();
    }

    private async Task<IResult> TakeAsync(HttpRequest request)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        WebhookSignature.TryReadSecret(Secret, out var secret);
        var signature = WebhookSignature.Sign([secret], request.Headers["webhook-id"].Single()!, long.Parse(request.Headers["webhook-timestamp"].Single()!, System.Globalization.CultureInfo.InvariantCulture), body.ToArray());
        if (request.Headers["webhook-signature"] != signature)
            Forged++;
        if (Away)
        {
            _refused.Release();
            return Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
        }

        foreach (var happened in JsonDocument.Parse(Encoding.UTF8.GetString(body.ToArray())).RootElement.GetProperty("events").EnumerateArray())
            _events.Writer.TryWrite(happened);
        return Results.NoContent();
    }
}
