using Hype.Hosting.Options;
using Hype.Hosting.Starting;
using Microsoft.Extensions.Options;

namespace Hype.Gateway.Configuration;

/// <summary>Where this gateway listens and who it is; bound from <c>Hype:Gateway</c>.</summary>
public sealed record GatewayOptions
{
    public const string Section = "Hype:Gateway";

    /// <summary>Where clients connect (HTTP/1.1, WebSocket) and the panel is. Default <c>http://localhost:8080</c>; port 0 takes a free one.</summary>
    public string Url { get; init; } = "http://localhost:8080";

    /// <summary>Where gRPC is served (HTTP/2 without TLS). Default <c>http://127.0.0.1:8081</c>; port 0 takes a free one.</summary>
    public string GrpcUrl { get; init; } = "http://127.0.0.1:8081";

    /// <summary>
    /// Where <c>/metrics</c> is served, for Prometheus and without a token: keep it private. Default <c>http://127.0.0.1:8084</c>; port 0
    /// takes a free one, and an empty value serves none.
    /// </summary>
    public string MetricsUrl { get; init; } = "http://127.0.0.1:8084";

    /// <summary>The operator's name of the place where this gateway stands, 1–64 characters. Default <c>local</c>.</summary>
    public string Region { get; init; } = "local";

    /// <summary>This gateway's name in the cluster, new for each process, 1–64 characters. Default: random.</summary>
    public string GatewayId { get; init; } = $"gateway-{Guid.NewGuid():N}"[..20];

    /// <summary>
    /// Origins of pages that may use this gateway besides its own (<c>https://app.example.org</c>), for REST and WebSocket.
    /// Default: none. In Development every origin may.
    /// </summary>
    public string[] AllowedOrigins { get; init; } = [];

    /// <summary>
    /// Proxies in front of this gateway, as addresses or networks (<c>10.0.0.0/8</c>): from them, and from nobody else, the client's
    /// address is taken from <c>X-Forwarded-For</c>. Default: none.
    /// </summary>
    public string[] TrustedProxies { get; init; } = [];

    /// <summary>STUN and TURN servers that members of a mesh are told to use. Default: none; on one network nobody needs one.</summary>
    public IceServerOptions[] IceServers { get; init; } = [];

    /// <summary>
    /// Other gateways (<c>https://voice-2.example.org</c>) that clients turn to when this one is gone. Default: none; behind a load
    /// balancer nobody needs them.
    /// </summary>
    public string[] Alternates { get; init; } = [];
}

/// <summary>
/// One entry of <see cref="GatewayOptions.IceServers"/>, as <c>RTCIceServer</c> takes it: open to all, with a fixed username and
/// credential, or with a secret of which each client gets credentials of its own.
/// </summary>
public sealed record IceServerOptions
{
    /// <summary>At least one of <c>stun:</c>, <c>turn:</c> or <c>turns:</c>.</summary>
    public string[] Urls { get; init; } = [];

    /// <summary>Of a TURN server with one fixed user. Default: none.</summary>
    public string? Username { get; init; }

    /// <summary>That user's password. Default: none.</summary>
    public string? Credential { get; init; }

    /// <summary>
    /// The secret of a TURN server that gives time-limited access (coturn: <c>use-auth-secret</c>, <c>static-auth-secret</c>), 16–256
    /// characters. Stands instead of <see cref="Username"/> and <see cref="Credential"/>.
    /// </summary>
    public string? Secret { get; init; }

    /// <summary>How long such access lasts; clients get new one when two thirds of it are over. Default 12 h, range 10 s–30 days.</summary>
    public TimeSpan CredentialLifetime { get; init; } = TimeSpan.FromHours(12);

    /// <summary>Never prints the credential.</summary>
    public override string ToString() => $"IceServerOptions {{ {string.Join(", ", Urls)} }}";
}

internal sealed class GatewayOptionsValidator : IValidateOptions<GatewayOptions>
{
    public ValidateOptionsResult Validate(string? name, GatewayOptions options)
    {
        var checks = new OptionChecks(GatewayOptions.Section);
        checks.Require(ListenAddress.Is(options.Url), nameof(options.Url), ListenAddress.Requirement(options.Url));
        checks.Require(ListenAddress.Is(options.GrpcUrl), nameof(options.GrpcUrl), ListenAddress.Requirement(options.GrpcUrl));
        checks.Require(
            options.MetricsUrl.Length == 0 || ListenAddress.Is(options.MetricsUrl), nameof(options.MetricsUrl), ListenAddress.Requirement(options.MetricsUrl));
        checks.Require(options.Region is { Length: >= 1 and <= 64 }, nameof(options.Region), "must have 1-64 characters.");
        checks.Require(options.GatewayId is { Length: >= 1 and <= 64 }, nameof(options.GatewayId), "must have 1-64 characters.");
        foreach (var origin in options.AllowedOrigins)
            checks.Require(IsOrigin(origin), nameof(options.AllowedOrigins), $"has '{origin}', which is not an origin such as https://app.example.org.");
        foreach (var proxy in options.TrustedProxies)
            checks.Require(ProxyNetwork.TryParse(proxy, out _), nameof(options.TrustedProxies), $"has '{proxy}', which is not an IP address or network such as 10.0.0.0/8.");
        foreach (var gateway in options.Alternates)
            checks.Require(GatewayAddress.IsValid(gateway), nameof(options.Alternates), $"has '{gateway}', which is not a gateway's address such as https://voice-2.example.org.");
        for (var i = 0; i < options.IceServers.Length; i++)
        {
            var (server, path) = (options.IceServers[i], $"{nameof(options.IceServers)}:{i}");
            checks.Require(server.Urls is { Length: > 0 } urls && urls.All(IsIceUrl), $"{path}:{nameof(server.Urls)}", "must be a list of stun:, turn: or turns: URLs.");
            checks.Range($"{path}:{nameof(server.CredentialLifetime)}", server.CredentialLifetime, TimeSpan.FromSeconds(10), TimeSpan.FromDays(30));
            if (server.Secret is null)
                continue;
            checks.Require(server.Secret.Length is >= 16 and <= 256, $"{path}:{nameof(server.Secret)}", "must have 16-256 characters.");
            checks.Require(server.Username is null && server.Credential is null, $"{path}:{nameof(server.Secret)}", "must not stand beside a Username or Credential: it makes both.");
        }

        return checks.Result();
    }

    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.GetLeftPart(UriPartial.Authority) == text;

    private static bool IsIceUrl(string url) =>
        url.StartsWith("stun:", StringComparison.Ordinal) || url.StartsWith("turn:", StringComparison.Ordinal) || url.StartsWith("turns:", StringComparison.Ordinal);
}
