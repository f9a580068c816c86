using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Hype.EndToEnd.Tests.Testing;

/// <summary>The gateway's REST, as a back-office script would use it.</summary>
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
            return false; // nobody listens yet
        }
    }

    /// <summary>Development only: a token that lets <paramref name="name"/> into <paramref name="channel"/>, as a new guest.</summary>
    public async Task<GuestToken> CreateGuestTokenAsync(string name, string channel)
    {
        using var answer = await http.PostAsJsonAsync("/api/voice/tokens/guest", new { name, channel });
        await RequireSuccessAsync(answer);
        return (await answer.Content.ReadFromJsonAsync<GuestToken>(JsonSerializerOptions.Web))!;
    }

    /// <summary>Sets a channel's mode: <c>auto</c>, <c>p2p</c> or <c>sfu</c>.</summary>
    public Task SetModeAsync(string channel, string mode) => SetSettingsAsync(channel, new { mode });

    /// <summary>Sets all of a channel's settings; those left out are the default.</summary>
    public Task SetSettingsAsync(string channel, object settings) => SendAsModeratorAsync(HttpMethod.Put, channel, "settings", settings);

    public Task SetAttributesAsync(string channel, int number, IReadOnlyDictionary<string, string> attributes) =>
        SendAsModeratorAsync(HttpMethod.Put, channel, $"participants/{number}/attributes", attributes);

    /// <summary>As an administrator: the identity's tokens count no more.</summary>
    public async Task RevokeAsync(string identity)
    {
        var token = ApplicationToken.Sign("administrator", "*", TimeSpan.FromMinutes(1), "moderate");
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/voice/identities/{identity}/revoke") { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) } };
        using var answer = await http.SendAsync(request);
        await RequireSuccessAsync(answer);
    }

    /// <summary>A channel's state: mode, epoch, reason of the last change, roster, node.</summary>
    public Task<JsonNode> GetChannelAsync(string channel) => GetAsync($"/api/voice/channels/{channel}");

    /// <summary>Version, cluster, regions, nodes, channels by mode.</summary>
    public Task<JsonNode> GetHealthAsync() => GetAsync("/api/voice/health");

    /// <summary>What all media nodes together have done since they started, as told after <paramref name="since"/>.</summary>
    public async Task<NodePackets> GetNodePacketsAsync(DateTimeOffset since)
    {
        NodePackets? packets = null;
        await Waiting.UntilAsync(
            async () =>
            {
                var nodes = (await GetHealthAsync())["regions"]!.AsArray().SelectMany(region => region!["nodes"]!.AsArray()).ToArray();
                packets = new NodePackets(
                    nodes.Sum(node => node!["packetsReceived"]!.GetValue<long>()), nodes.Sum(node => node!["packetsForwarded"]!.GetValue<long>()));
                // Beats come four times a second, but only one of them has the load in it.
                return nodes.Length > 0 && nodes.All(node => node!["lastHeartbeat"]!.GetValue<DateTimeOffset>() > since.AddSeconds(1.25));
            },
            TimeSpan.FromSeconds(10),
            () => "No media node has told its load.");
        return packets!;
    }

    public void Dispose() => http.Dispose();

    private async Task SendAsModeratorAsync(HttpMethod method, string channel, string path, object body)
    {
        var token = await CreateGuestTokenAsync("moderator", channel);
        using var request = new HttpRequestMessage(method, $"/api/voice/channels/{channel}/{path}")
        {
            Content = JsonContent.Create(body),
            Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token.Token) },
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
            throw new InvalidOperationException(
                $"{answer.RequestMessage!.Method} {answer.RequestMessage.RequestUri!.PathAndQuery}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        }
    }
}

/// <summary>What <c>POST /api/voice/tokens/guest</c> answers.</summary>
internal sealed record GuestToken(string Token, string Identity);

/// <summary>RTP that media nodes took in, and copies that they sent on.</summary>
internal sealed record NodePackets(long Received, long Forwarded);
