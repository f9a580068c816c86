using Hype.Gateway.Configuration;
using Microsoft.Extensions.Options;

namespace Hype.Gateway.Auth;

/// <summary>
/// Decides which web pages may use this gateway: its own, and those of <see cref="GatewayOptions.AllowedOrigins"/>; in Development all.
/// </summary>
internal sealed class OriginPolicy(IOptions<GatewayOptions> options, IHostEnvironment environment)
{
    public bool Admits(string origin) =>
        environment.IsDevelopment() || options.Value.AllowedOrigins.Contains(origin, StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// Returns true if the request's page may open a WebSocket, which CORS does not cover. A request without an origin is not from a
    /// page: a browser always sends the origin.
    /// </summary>
    public bool Admits(HttpRequest request)
    {
        string? origin = request.Headers.Origin;
        return origin is null || Admits(origin) || IsOwn(origin, request);
    }

    /// <summary>Returns true for a page of this gateway. An app's shell may use any host name, so only web origins count.</summary>
    private static bool IsOwn(string origin, HttpRequest request) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri)
        && uri.Scheme is "http" or "https"
        && string.Equals(uri.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase);
}
