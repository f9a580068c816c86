using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Hype.Cluster.Tests.Testing;

/// <summary>
/// A client of the REST API (docs/rest.md), as in an operator's script. It sends each call to the first running gateway, and to the next
/// one if that does not answer.
/// </summary>
internal sealed class BackOffice(LocalCluster cluster) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(1) })
    {
        Timeout = TimeSpan.FromSeconds(15),
    };

    /// <param name="mode"><c>auto</c>, <c>p2p</c> or <c>sfu</c>.</param>
    public async Task SetAsync(string channel, string mode, int? maxParticipants = null) =>
        RequireSuccess(await SendAsync(HttpMethod.Put, Path(channel, "/settings"), new { mode, maxParticipants }));

    /// <summary>Reads a channel's state; returns null if the channel has no members.</summary>
    /// <exception cref="HttpRequestException">No gateway answered.</exception>
    public async Task<ChannelState?> FindAsync(string channel)
    {
        var answer = await SendAsync(HttpMethod.Get, Path(channel));
        if (answer.Status == HttpStatusCode.NotFound)
            return null;
        RequireSuccess(answer);
        return ChannelState.Read(answer.Body!);
    }

    /// <exception cref="HttpRequestException">No gateway answered, or the channel has no members.</exception>
    public async Task<ChannelState> GetAsync(string channel) =>
        await FindAsync(channel) ?? throw new HttpRequestException($"No member is in {channel}.");

    /// <summary>Sets or clears a member's server mute, as a moderator.</summary>
    public Task<RestAnswer> MuteAsync(string channel, uint number, bool muted) =>
        SendAsync(HttpMethod.Post, Path(channel, $"/participants/{number}/{(muted ? "mute" : "unmute")}"));

    public Task<RestAnswer> BanAsync(string channel, string identity) =>
        SendAsync(HttpMethod.Put, Path(channel, $"/bans/{identity}"), new { reason = "test" });

    /// <summary>Revokes all tokens of an identity.</summary>
    public Task<RestAnswer> RevokeAsync(string identity) =>
        SendAsync(HttpMethod.Post, $"/api/voice/identities/{identity}/revoke");

    public async Task<IReadOnlyList<string>> BansAsync(string channel)
    {
        var answer = await SendAsync(HttpMethod.Get, Path(channel, "/bans"));
        RequireSuccess(answer);
        return [.. answer.Body!.AsArray().Select(ban => ban!["identity"]!.GetValue<string>())];
    }

    /// <summary>Reads the media nodes with a valid lease, in all regions.</summary>
    public async Task<IReadOnlyList<NodeState>> NodesAsync()
    {
        var answer = await SendAsync(HttpMethod.Get, "/api/voice/health");
        RequireSuccess(answer);
        return
        [
            .. from region in answer.Body!["regions"]!.AsArray()
               from node in region!["nodes"]!.AsArray()
               select new NodeState(
                   node!["node"]!.GetValue<string>(),
                   region["region"]!.GetValue<string>(),
                   node["endpoints"]!.GetValue<int>(),
                   node["rooms"]!.GetValue<int>(),
                   node["lastHeartbeat"]!.GetValue<DateTimeOffset>()),
        ];
    }

    public async Task<bool> IsReadyAsync(Uri gateway)
    {
        try
        {
            using var answer = await _http.GetAsync(new Uri(gateway, "/health/ready"));
            return answer.IsSuccessStatusCode;
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            return false;
        }
    }

    public void Dispose() => _http.Dispose();

    private static string Path(string channel, string below = "") => $"/api/voice/channels/{channel}{below}";

    private async Task<RestAnswer> SendAsync(HttpMethod method, string path, object? body = null)
    {
        HttpRequestException? refused = null;
        foreach (var gateway in cluster.Gateways.Where(gateway => cluster.IsRunning(gateway.Name)))
        {
            using var request = new HttpRequestMessage(method, new Uri(gateway.Url!, path));
            var token = cluster.Tokens.Sign("cluster-tests", "*", ["moderate"], DateTimeOffset.UtcNow.AddMinutes(5));
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            if (body is not null)
                request.Content = JsonContent.Create(body);
            try
            {
                using var answer = await _http.SendAsync(request);
                var text = await answer.Content.ReadAsStringAsync();
                return new RestAnswer(answer.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text));
            }
            catch (HttpRequestException exception)
            {
                refused = exception; // no answer: try the next one
            }
            catch (JsonException exception)
            {
                throw new HttpRequestException($"{method} {request.RequestUri} returned text that is not JSON.", exception);
            }
        }

        throw refused ?? new HttpRequestException("There is no gateway.");
    }

    private static void RequireSuccess(RestAnswer answer)
    {
        if (!answer.IsSuccess)
            throw new HttpRequestException($"{(int)answer.Status}: {answer.Body?.ToJsonString()}", null, answer.Status);
    }
}

/// <summary>The response of the REST API to one call.</summary>
/// <param name="Body">The JSON of the response; null if it has no body.</param>
internal sealed record RestAnswer(HttpStatusCode Status, JsonNode? Body)
{
    public bool IsSuccess => (int)Status is >= 200 and < 300;

    /// <summary>The code of the VoiceError (docs/signaling.md); null if the call succeeded, or failed with another error.</summary>
    public string? Code => IsSuccess ? null : Body?["code"]?.GetValue<string>();

    public bool IsRetryable => !IsSuccess && Body?["retryable"]?.GetValue<bool>() == true;
}

/// <summary>A media node as the control plane reports it in <c>/api/voice/health</c>.</summary>
internal sealed record NodeState(string Node, string Region, int Endpoints, int Rooms, DateTimeOffset LastHeartbeat);
