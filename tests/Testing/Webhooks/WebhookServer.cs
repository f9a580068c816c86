using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Hype.Testing.Webhooks;

/// <summary>
/// An application's server that receives webhooks and verifies their signatures as Standard Webhooks specifies, without product code.
/// </summary>
public sealed class WebhookServer : IAsyncDisposable
{
    public const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    /// <summary>The identity whose events a picky server rejects.</summary>
    public const string Poison = "poison";

    /// <summary>The number of events above which a picky server refuses a batch as too large.</summary>
    private const int MostEvents = 3;

    private static readonly byte[] Key = Convert.FromBase64String(Secret["whsec_".Length..]);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly WebApplication _server;
    private readonly Channel<JsonElement> _events = Channel.CreateUnbounded<JsonElement>();

    // One for each answer: a test waits for refusals of the present answer alone.
    private readonly SemaphoreSlim[] _refused = [.. Enum.GetValues<WebhookAnswer>().Select(_ => new SemaphoreSlim(0))];
    private volatile WebhookAnswer _answer;
    private int _forged;

    private WebhookServer()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _server = builder.Build();
        _server.MapPost("/hooks", TakeAsync);
    }

    public string Url => $"{_server.Urls.Single()}/hooks";

    public WebhookAnswer Answer
    {
        get => _answer;
        set
        {
            // Refusals of an earlier time with this answer do not count.
            while (_refused[(int)value].Wait(0))
                continue;
            _answer = value;
        }
    }

    /// <summary>The number of requests with a wrong signature, or with a timestamp that is minutes old.</summary>
    public int Forged => _forged;

    public static async Task<WebhookServer> StartAsync()
    {
        var server = new WebhookServer();
        await server._server.StartAsync();
        return server;
    }

    /// <summary>Waits for the next event that this server has acknowledged.</summary>
    /// <exception cref="TimeoutException">No event arrived for half a minute.</exception>
    public Task<JsonElement> NextAsync() => _events.Reader.ReadAsync().AsTask().WaitAsync(Limit);

    /// <summary>Waits for a request that this server receives but does not acknowledge, because of its present answer.</summary>
    /// <exception cref="TimeoutException">No request arrived for half a minute.</exception>
    public async Task RefusesAsync()
    {
        if (!await _refused[(int)Answer].WaitAsync(Limit))
            throw new TimeoutException("No request came.");
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        foreach (var refused in _refused)
            refused.Dispose();
    }

    private async Task<IResult> TakeAsync(HttpRequest request)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        if (!IsGenuine(request.Headers["webhook-id"].ToString(), request.Headers["webhook-timestamp"].ToString(),
            request.Headers["webhook-signature"].ToString(), body.ToArray()))
            Interlocked.Increment(ref _forged);
        var answer = Answer;
        switch (answer)
        {
            case WebhookAnswer.Unavailable:
                _refused[(int)answer].Release();
                return Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
            case WebhookAnswer.None:
                _refused[(int)answer].Release();
                await Task.Delay(Timeout.InfiniteTimeSpan, request.HttpContext.RequestAborted);
                break;
        }

        using var batch = JsonDocument.Parse(body.ToArray());
        var events = batch.RootElement.GetProperty("events").EnumerateArray().ToArray();
        if (answer == WebhookAnswer.Picky && (events.Length > MostEvents || events.Any(IsPoison)))
        {
            _refused[(int)answer].Release();
            return Results.StatusCode(
                events.Length > MostEvents ? StatusCodes.Status413PayloadTooLarge : StatusCodes.Status400BadRequest);
        }

        foreach (var happened in events)
            _events.Writer.TryWrite(happened.Clone());
        return Results.NoContent();
    }

    private static bool IsPoison(JsonElement happened) =>
        happened.TryGetProperty("participant", out var participant) && participant.GetProperty("identity").GetString() == Poison;

    // All secrets sign, separated by a space.
    private static bool IsGenuine(string id, string timestamp, string signatures, byte[] body)
    {
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. body];
        var signature = Convert.ToBase64String(HMACSHA256.HashData(Key, signed));
        return signatures.Split(' ').Contains($"v1,{signature}")
            && Math.Abs(DateTimeOffset.UtcNow.ToUnixTimeSeconds() - long.Parse(timestamp, CultureInfo.InvariantCulture)) < 300;
    }
}

public enum WebhookAnswer
{
    /// <summary>The server acknowledges the event: it answers 204.</summary>
    Taken,

    /// <summary>The server does not acknowledge the event: it answers 503.</summary>
    Unavailable,

    /// <summary>The server does not answer until the sender gives up.</summary>
    None,

    /// <summary>The server rejects some batches for their content: large ones with 413, and events of one identity with 400.</summary>
    Picky,
}
