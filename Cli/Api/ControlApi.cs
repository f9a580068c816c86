using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Hype.Cli.Access;

namespace Hype.Cli.Api;

/// <summary>
/// A client of the gateway's REST API (docs/rest.md). It reports a refused request and a missing response as different exceptions.
/// </summary>
internal sealed class ControlApi : IDisposable
{
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(15);

    private readonly HttpClient _http;
    private readonly Uri _server;
    private readonly Credentials _credentials;
    private readonly TimeProvider _time;
    private readonly bool _showsCertificate;

    /// <param name="server">The gateway.</param>
    /// <param name="credentials">Not sent if there is a certificate.</param>
    /// <param name="time">The clock for tokens.</param>
    /// <param name="certificate">The client certificate with its key; null: none.</param>
    public ControlApi(Uri server, Credentials credentials, TimeProvider time, X509Certificate2? certificate = null)
    {
        var handler = new SocketsHttpHandler { ConnectTimeout = AnswerTimeout };
        if (certificate is not null)
            handler.SslOptions.ClientCertificates = [certificate];
        // A stream has no end, and may start long after its request: all other requests have their own timeout.
        _http = new HttpClient(handler) { BaseAddress = server, Timeout = Timeout.InfiniteTimeSpan };
        (_server, _credentials, _time, _showsCertificate) = (server, credentials, time, certificate is not null);
    }

    /// <summary>Sends a GET request, and returns the JSON of the response unchanged.</summary>
    /// <param name="path">The path below <c>/api/voice/</c>.</param>
    public async Task<string> GetAsync(string path, CancellationToken stop)
    {
        using var timeout = WithTimeout(stop);
        using var answer = await SendAsync(HttpMethod.Get, path, null, HttpCompletionOption.ResponseContentRead, stop, timeout.Token);
        return await answer.Content.ReadAsStringAsync(stop);
    }

    /// <summary>Sends a request that changes something, and returns the JSON of the response; empty if it has none.</summary>
    public async Task<string> ChangeAsync(HttpMethod method, string path, object? body, CancellationToken stop)
    {
        using var timeout = WithTimeout(stop);
        using var answer = await SendAsync(method, path, body, HttpCompletionOption.ResponseContentRead, stop, timeout.Token);
        return await answer.Content.ReadAsStringAsync(stop);
    }

    /// <summary>Yields a channel's events until the server ends the stream.</summary>
    /// <param name="after">The number of the last known event; null: start with a snapshot.</param>
    public async IAsyncEnumerable<ChannelEvent> FollowAsync(string channel, string? after, [EnumeratorCancellation] CancellationToken stop)
    {
        var path = $"channels/{PathSegment.Of(channel)}/events{(after is null ? "" : $"?after={Uri.EscapeDataString(after)}")}";
        using var answer = await SendAsync(HttpMethod.Get, path, null, HttpCompletionOption.ResponseHeadersRead, stop, stop);
        await using var events = SseParser.Create(await answer.Content.ReadAsStreamAsync(stop)).EnumerateAsync(stop)
            .GetAsyncEnumerator(stop);
        while (await NextAsync(events))
            yield return new ChannelEvent(events.Current.EventId, events.Current.EventType, events.Current.Data);
    }

    public void Dispose() => _http.Dispose();

    private CancellationTokenSource WithTimeout(CancellationToken stop)
    {
        var timeout = CancellationTokenSource.CreateLinkedTokenSource(stop);
        timeout.CancelAfter(AnswerTimeout);
        return timeout;
    }

    private async Task<bool> NextAsync(IAsyncEnumerator<SseItem<string>> events)
    {
        try
        {
            return await events.MoveNextAsync();
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            throw new UnreachableException($"{_server} ended the stream: {exception.Message}", exception);
        }
    }

    private async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, object? body, HttpCompletionOption completion, CancellationToken stop, CancellationToken timeout)
    {
        using var request = new HttpRequestMessage(method, $"api/voice/{path}")
        {
            Content = body is null ? null : JsonContent.Create(body, options: JsonSerializerOptions.Web),
        };
        if (!_showsCertificate && _credentials.BearerToken(_time) is { } token)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        HttpResponseMessage answer;
        try
        {
            answer = await _http.SendAsync(request, completion, timeout);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            // The inner exception has the reason of a TLS failure.
            throw new UnreachableException(
                $"{_server} cannot be reached: "
                    + $"{exception.Message}{(exception.InnerException is AuthenticationException inner ? $" {inner.Message}" : "")}",
                exception);
        }
        catch (OperationCanceledException exception) when (!stop.IsCancellationRequested)
        {
            throw new UnreachableException($"{_server} did not answer within {AnswerTimeout.TotalSeconds:0} s.", exception);
        }

        if (answer.IsSuccessStatusCode && answer.Content.Headers.ContentType?.MediaType is null or "application/json"
            or "text/event-stream")
            return answer;
        using (answer)
            throw await RefusalAsync(answer, stop);
    }

    private async Task<Exception> RefusalAsync(HttpResponseMessage answer, CancellationToken stop)
    {
        if (answer.Content.Headers.ContentType?.MediaType != "application/problem+json")
            return new UnreachableException(
                $"The server at {_server} is not a gateway of Hype: it answered {(int)answer.StatusCode} {answer.ReasonPhrase}.");
        var problem = JsonSerializer.Deserialize<Problem>(await answer.Content.ReadAsStringAsync(stop), JsonSerializerOptions.Web);
        if (problem?.Code is not { } code)
        {
            return answer.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed
                ? new RefusedException("unsupported", "This gateway does not offer that: it may be older than this command.")
                : new RefusedException("internal", problem?.Title ?? $"The gateway answered {(int)answer.StatusCode}.");
        }

        var sentence = problem.Detail ?? problem.Message ?? code;
        if (code == "unauthorized" && _credentials.AreMissing && !_showsCertificate)
            sentence += $" Set {Credentials.KeyIdVariable} and {Credentials.SecretVariable}, or {Credentials.TokenVariable}.";
        if (answer.Headers.RetryAfter?.Delta is { } delay)
            sentence += $" Try again in {Math.Ceiling(delay.TotalSeconds):0} s.";
        return new RefusedException(code, sentence);
    }

    private sealed record Problem(string? Title, string? Detail, string? Code, string? Message);
}

/// <summary>One server-sent event of a channel's event stream.</summary>
/// <param name="Id">The number of the event; null: none.</param>
/// <param name="Name">The kind of the event.</param>
/// <param name="Data">The JSON, unchanged.</param>
internal sealed record ChannelEvent(string? Id, string Name, string Data);
