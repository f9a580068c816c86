using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Hype.Hosting.Telemetry;

/// <summary>
/// Serves <c>/metrics</c> at a separate address: metrics disclose the size and the incidents of a deployment, and a scrape must not need
/// a token. The address also serves the health checks of the process, for the same readers, and nothing else.
/// </summary>
public static class MetricsAddress
{
    public const string Path = "/metrics";

    /// <summary>
    /// Listens at the metrics address. An empty address is skipped; the validator reports an invalid address before any part starts.
    /// </summary>
    /// <param name="kestrel">The server.</param>
    /// <param name="url"><c>http://HOST:PORT</c>.</param>
    public static void ListenForMetrics(this KestrelServerOptions kestrel, string url) => kestrel.ListenAt(url, endpoint =>
    {
        endpoint.Protocols = HttpProtocols.Http1;
        endpoint.Use(next => connection =>
        {
            connection.Features.Set(Scrape.Instance);
            return next(connection);
        });
    });

    /// <summary>Listens at an address as Kestrel interprets it: a name that is not an IP address stands for all addresses.</summary>
    public static void ListenAt(this KestrelServerOptions kestrel, string url, Action<ListenOptions> configure)
    {
        if (!Uri.TryCreate(url.Replace("//*", "//0.0.0.0", StringComparison.Ordinal), UriKind.Absolute, out var address))
            return;
        if (IPAddress.TryParse(address.DnsSafeHost, out var ip) && !url.Contains("//*", StringComparison.Ordinal))
            kestrel.Listen(ip, address.Port, configure);
        else if (address.DnsSafeHost != "localhost")
            kestrel.ListenAnyIP(address.Port, configure);
        else if (address.Port == 0)
            // Kestrel binds localhost to both loopback addresses, and cannot find one free port for two sockets.
            kestrel.Listen(IPAddress.Loopback, 0, configure);
        else
            kestrel.ListenLocalhost(address.Port, configure);
    }

    /// <summary>
    /// Answers requests at the metrics address with metrics and health alone. The call must precede the mapping of all other endpoints,
    /// which the metrics address must not serve.
    /// </summary>
    public static void UseHypeMetrics(this IApplicationBuilder app) => app.MapWhen(IsScrape, scrapes =>
    {
        scrapes.UseOpenTelemetryPrometheusScrapingEndpoint(Path);
        scrapes.UseHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false });
        scrapes.UseHealthChecks("/health/ready");
        scrapes.Run(context =>
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        });
    });

    internal static bool IsScrape(HttpContext context) => context.Features.Get<Scrape>() is not null;

    /// <summary>
    /// A mark of connections to the metrics address. The port does not identify them: another listener may use the same port on another
    /// address.
    /// </summary>
    private sealed class Scrape
    {
        public static readonly Scrape Instance = new();
    }
}
