using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Hype.EndToEnd.Tests.Testing;

/// <summary>A client of the gateway's REST API, as in an operator's script.</summary>
internal sealed class GatewayApi(HttpClient http) : IDisposable
{
    public Uri Url => http.BaseAddress!;

    public async Task<bool> IsReadyAsync()
    {
        try
        {
            using var answer = await http.GetAsync("/health/ready");
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false; // no process listens yet
        }
    }

    /// <summary>
    /// Creates a token for a new guest named <paramref name="name"/> in <paramref name="channel"/>; only a gateway in Development does so.
    /// </summary>
    public async Task<GuestToken> CreateGuestTokenAsync(string name, string channel, string? identity = null)
    {
        using var answer = await http.PostAsJsonAsync("/api/voice/tokens/guest", new { name, channel, identity });
        await RequireSuccessAsync(answer);
        return (await answer.Content.ReadFromJsonAsync<GuestToken>(JsonSerializerOptions.Web))!;
    }

    /// <summary>Sets a channel's mode: <c>auto</c>, <c>p2p</c> or <c>sfu</c>.</summary>
    public Task SetModeAsync(string channel, string mode) => SetSettingsAsync(channel, new { mode });

    /// <summary>Replaces a channel's settings; a setting that is omitted gets its default.</summary>
    public Task SetSettingsAsync(string channel, object settings) => SendAsModeratorAsync(HttpMethod.Put, channel, "settings", settings);

    public Task SetAttributesAsync(string channel, int number, IReadOnlyDictionary<string, string> attributes) =>
        SendAsModeratorAsync(HttpMethod.Put, channel, $"participants/{number}/attributes", attributes);

    /// <summary>Revokes all tokens of an identity, as an administrator.</summary>
    public async Task RevokeAsync(string identity)
    {
        var token = ApplicationToken.Sign("administrator", "*", TimeSpan.FromMinutes(1), "moderate");
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/voice/identities/{identity}/revoke");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var answer = await http.SendAsync(request);
        await RequireSuccessAsync(answer);
    }

    /// <summary>Reads a channel's state: its mode, layout epoch, the reason of its last switch, its participants and rooms.</summary>
    public Task<JsonNode> GetChannelAsync(string channel) => GetAsync($"/api/voice/channels/{channel}");

    /// <summary>
    /// Reads the health of the deployment: version, cluster, regions with their nodes, and the number of channels by mode.
    /// </summary>
    public Task<JsonNode> GetHealthAsync() => GetAsync("/api/voice/health");

    /// <summary>
    /// Reads the packet counts of all media nodes since their start, once every node has reported its load after <paramref name="since"/>.
    /// </summary>
    public async Task<NodePackets> GetNodePacketsAsync(DateTimeOffset since)
    {
        NodePackets? packets = null;
        await Waiting.UntilAsync(
            async () =>
            {
                var nodes = (await GetHealthAsync())["regions"]!.AsArray().SelectMany(region => region!["nodes"]!.AsArray()).ToArray();
                packets = new NodePackets(
                    nodes.Sum(node => node!["packetsReceived"]!.GetValue<long>()),
                        nodes.Sum(node => node!["packetsForwarded"]!.GetValue<long>()));
                // Heartbeats arrive four times a second, and one of the four carries the load.
                return nodes.Length > 0 && nodes.All(node => node!["lastHeartbeat"]!.GetValue<DateTimeOffset>() > since.AddSeconds(1.25));
            },
            TimeSpan.FromSeconds(10),
            () => "No media node has reported its load.");
        return packets!;
    }

    public void Dispose() => http.Dispose();

    private async Task SendAsModeratorAsync(HttpMethod method, string channel, string path, object body)
    {
        // Only a token for all channels may set the mode p2p.
        var token = ApplicationToken.Sign("moderator", "*", TimeSpan.FromMinutes(1), "moderate");
        using var request = new HttpRequestMessage(method, $"/api/voice/channels/{channel}/{path}")
        {
            Content = JsonContent.Create(body),
            Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) },
        };
        using var answer = await http.SendAsync(request);
        await RequireSuccessAsync(answer);
    }

    private async Task<JsonNode> GetAsync(string path)
    {
        using var answer = await http.GetAsync(path);
        await RequireSuccessAsync(answer);
        return (await answer.Content.ReadFromJsonAsync<JsonNode>())!;
    }

    private static async Task RequireSuccessAsync(HttpResponseMessage answer)
    {
        if (!answer.IsSuccessStatusCode)
        {
            var request = answer.RequestMessage!;
            var body = await answer.Content.ReadAsStringAsync();
            throw new InvalidOperationException($"{request.Method} {request.RequestUri!.PathAndQuery}: {(int)answer.StatusCode} {body}");
        }
    }
}

/// <summary>The answer of <c>POST /api/voice/tokens/guest</c>.</summary>
internal sealed record GuestToken(string Token, string Identity);

/// <summary>The number of RTP packets that the media nodes have received, and of the copies that they have forwarded.</summary>
internal sealed record NodePackets(long Received, long Forwarded);
