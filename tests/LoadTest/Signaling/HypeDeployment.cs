using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Hype.LoadTest.Options;
using Hype.LoadTest.Targets;

namespace Hype.LoadTest.Signaling;

/// <summary>Calls a deployment's REST API (docs/rest.md): readiness, regions and channel settings.</summary>
internal sealed class HypeDeployment(Uri url, TokenSigner tokens) : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private readonly HttpClient _http = new() { BaseAddress = url, Timeout = Timeout };

    /// <exception cref="TargetException">The deployment is not ready.</exception>
    public async Task RequireReadyAsync(CancellationToken stop)
    {
        try
        {
            using var answer = await _http.GetAsync("/health/ready", stop);
            if (answer.IsSuccessStatusCode)
                return;
            throw new TargetException(
                $"The gateway at {url} is not ready ({(int)answer.StatusCode}): wait until GET /health/ready "
                    + "answers 200, or look at its log.");
        }
        catch (Exception exception)
            when (exception is HttpRequestException || (exception is TaskCanceledException && !stop.IsCancellationRequested))
        {
            throw new TargetException(
                $"No gateway answers at {url}: start one (dotnet run --project Gateway), or say with --url where it is.", exception);
        }
    }

    /// <exception cref="TargetException">The region does not exist.</exception>
    public async Task RequireRegionAsync(string region, CancellationToken stop)
    {
        var token = tokens.Sign("hype-load", "*", ["moderate"], DateTimeOffset.UtcNow.AddMinutes(1));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/voice/health")
        {
            Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) },
        };
        using var answer = await _http.SendAsync(request, stop);
        RequireOwnKey(answer);
        using var health = await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonDocument>(stop);
        var names = health!.RootElement.GetProperty("regions").EnumerateArray().Select(entry => entry.GetProperty("region").GetString()!)
            .ToArray();
        if (!names.Contains(region, StringComparer.Ordinal))
            throw new TargetException($"There is no region '{region}' at {url}: it has {string.Join(", ", names)}.");
    }

    /// <exception cref="TargetException">The deployment refused the settings.</exception>
    public async Task SetAsync(string channel, ChannelPolicy mode, int? maxParticipants, CancellationToken stop)
    {
        // Only a token for all channels may set the mode p2p.
        var token = tokens.Sign("hype-load", "*", ["moderate"], DateTimeOffset.UtcNow.AddMinutes(1));
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/api/voice/channels/{channel}/settings")
        {
            Content = JsonContent.Create(new { mode = mode.ToString().ToLowerInvariant(), maxParticipants }),
            Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) },
        };
        using var answer = await _http.SendAsync(request, stop);
        if (answer.IsSuccessStatusCode)
            return;
        RequireOwnKey(answer);
        throw new TargetException(
            $"The settings of {channel} were refused ({(int)answer.StatusCode}): {await answer.Content.ReadAsStringAsync(stop)}");
    }

    public void Dispose() => _http.Dispose();

    private void RequireOwnKey(HttpResponseMessage answer)
    {
        if (answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
            throw new TargetException(
                $"{url} does not accept tokens of the key '{tokens.KeyId}': name one of its Hype:Auth:Keys with --api-key, and put its "
                    + $"secret into {ApiKey.SecretVariable}.");
    }
}
