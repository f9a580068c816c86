using Hype.Hosting.Options;
using Hype.Hosting.Starting;
using Microsoft.Extensions.Options;

namespace Hype.Gateway.Configuration;

/// <summary>A gateway's addresses and identity; bound from <c>Hype:Gateway</c>.</summary>
public sealed record GatewayOptions
{
    public const string Section = "Hype:Gateway";

    /// <summary>
    /// The address for clients (HTTP/1.1, WebSocket) and the panel. Default <c>http://localhost:8080</c>; port 0 takes a free one.
    /// </summary>
    public string Url { get; init; } = "http://localhost:8080";

    /// <summary>The address for gRPC (HTTP/2 without TLS). Default <c>http://127.0.0.1:8081</c>; port 0 takes a free one.</summary>
    public string GrpcUrl { get; init; } = "http://127.0.0.1:8081";

    /// <summary>
    /// The address of <c>/metrics</c>, for Prometheus and without a token: keep it private. Default <c>http://127.0.0.1:8084</c>; port 0
    /// takes a free one, and an empty value serves none.
    /// </summary>
    public string MetricsUrl { get; init; } = "http://127.0.0.1:8084";

    /// <summary>The operator's name of this gateway's region, 1–64 characters. Default <c>local</c>.</summary>
    public string Region { get; init; } = "local";

    /// <summary>This gateway's name in the cluster, different for each process, 1–64 characters. Default: random.</summary>
    public string GatewayId { get; init; } = $"gateway-{Guid.NewGuid():N}"[..20];

    /// <summary>
    /// The origins of foreign pages that may use this gateway, for REST and WebSocket: of web pages (<c>https://app.example.org</c>), and
    /// of pages in an app's shell (<c>capacitor://localhost</c>, <c>tauri://localhost</c>, <c>app://bundle</c>). <c>null</c> admits pages
    /// without an origin, such as files and sandboxed frames of any site. Default: none. In Development every origin may use it.
    /// </summary>
    public string[] AllowedOrigins { get; init; } = [];

    /// <summary>
    /// The proxies in front of this gateway, as addresses or networks (<c>10.0.0.0/8</c>). Only in their requests the client's address is
    /// read from <c>X-Forwarded-For</c>. Default: none.
    /// </summary>
    public string[] TrustedProxies { get; init; } = [];

    /// <summary>The STUN and TURN servers for the members of a mesh. Default: none; members on one network need none.</summary>
    public IceServerOptions[] IceServers { get; init; } = [];

    /// <summary>
    /// Other gateways (<c>https://voice-2.example.org</c>) to which clients connect when this one has stopped. Default: none; clients of a
    /// load balancer need none.
    /// </summary>
    public string[] Alternates { get; init; } = [];
}

/// <summary>
/// One entry of <see cref="GatewayOptions.IceServers"/>, in the form of <c>RTCIceServer</c>: public, with a fixed username and
/// credential, or with a secret from which each client gets its own credentials.
/// </summary>
public sealed record IceServerOptions
{
    /// <summary>The URLs, at least one: <c>stun:</c>, <c>turn:</c> or <c>turns:</c>.</summary>
    public string[] Urls { get; init; } = [];

    /// <summary>The fixed user of a TURN server. Default: none.</summary>
    public string? Username { get; init; }

    /// <summary>The fixed user's password. Default: none.</summary>
    public string? Credential { get; init; }

    /// <summary>
    /// The secret of a TURN server with time-limited access (coturn: <c>use-auth-secret</c>, <c>static-auth-secret</c>), 16–256
    /// characters. It replaces <see cref="Username"/> and <see cref="Credential"/>.
    /// </summary>
    public string? Secret { get; init; }

    /// <summary>
    /// The lifetime of a client's TURN credentials; it gets new ones after two thirds of it. Default 1 h, range 10 s–30 days.
    /// </summary>
    public TimeSpan CredentialLifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Returns the URLs as text, without the credential.</summary>
    public override string ToString() => $"IceServerOptions {{ {string.Join(", ", Urls)} }}";
}

internal sealed class GatewayOptionsValidator : IValidateOptions<GatewayOptions>
{
    public ValidateOptionsResult Validate(string? name, GatewayOptions options)
    {
        var checks = new OptionChecks(GatewayOptions.Section);
        checks.Require(ListenAddress.Is(options.Url), nameof(options.Url), ListenAddress.Requirement(options.Url));
        checks.Require(ListenAddress.Is(options.GrpcUrl), nameof(options.GrpcUrl), ListenAddress.Requirement(options.GrpcUrl));
        var servesMetrics = options.MetricsUrl.Length > 0;
        checks.Require(
            !servesMetrics || ListenAddress.Is(options.MetricsUrl),
            nameof(options.MetricsUrl),
            ListenAddress.Requirement(options.MetricsUrl));
        checks.Require(options.Region is { Length: >= 1 and <= 64 }, nameof(options.Region), "must have 1-64 characters.");
        checks.Require(options.GatewayId is { Length: >= 1 and <= 64 }, nameof(options.GatewayId), "must have 1-64 characters.");
        foreach (var origin in options.AllowedOrigins)
            Entry(
                PageOrigin.IsValid(origin),
                nameof(options.AllowedOrigins),
                origin,
                "an origin such as https://app.example.org or capacitor://localhost: a scheme and a host, without a path");
        foreach (var proxy in options.TrustedProxies)
            Entry(
                ProxyNetwork.TryParse(proxy, out _),
                nameof(options.TrustedProxies),
                proxy,
                "an IP address or network such as 10.0.0.0/8");
        foreach (var gateway in options.Alternates)
            Entry(
                GatewayAddress.IsValid(gateway),
                nameof(options.Alternates),
                gateway,
                "a gateway's address such as https://voice-2.example.org");
        for (var i = 0; i < options.IceServers.Length; i++)
        {
            var (server, path) = (options.IceServers[i], $"{nameof(options.IceServers)}:{i}");
            var hasUrls = server.Urls is { Length: > 0 } urls && urls.All(IsIceUrl);
            checks.Require(hasUrls, $"{path}:{nameof(server.Urls)}", "must be a list of stun:, turn: or turns: URLs.");
            checks.Range(
                $"{path}:{nameof(server.CredentialLifetime)}",
                server.CredentialLifetime,
                TimeSpan.FromSeconds(10),
                TimeSpan.FromDays(30));
            if (server.Secret is null)
                continue;
            checks.Require(server.Secret.Length is >= 16 and <= 256, $"{path}:{nameof(server.Secret)}", "must have 16-256 characters.");
            checks.Require(
                server.Username is null && server.Credential is null, $"{path}:{nameof(server.Secret)}",
                "must not be set beside a Username or Credential, which are computed from it.");
        }

        return checks.Result();

        void Entry(bool isValid, string key, string entry, string kind) =>
            checks.Require(isValid, key, $"has '{entry}', which is not {kind}.");
    }

    private static bool IsIceUrl(string url) =>
        url.StartsWith("stun:", StringComparison.Ordinal)
        || url.StartsWith("turn:", StringComparison.Ordinal)
        || url.StartsWith("turns:", StringComparison.Ordinal);
}
