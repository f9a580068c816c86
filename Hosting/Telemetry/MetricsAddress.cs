using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Hype.Hosting.Telemetry;

/// <summary>
/// An address of its own for <c>/metrics</c>: figures tell strangers how large a deployment is and when it is weak, and a scrape shall
/// need no token. Beside them is the process's health, for the same readers. Nothing else is served there.
/// </summary>
public static class MetricsAddress
{
    public const string Path = "/metrics";

    /// <summary>
    /// Listens there. An empty address is none; what is no address is the validator's to explain, before anything starts.
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

    /// <summary>
    /// Listens at an address as Kestrel itself reads them, where a name that is no address stands for all of the machine's.
    /// </summary>
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

    /// <summary>Before everything else that the process serves: what comes to the address of the metrics gets nothing else.</summary>
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
    /// Marks a connection by the address that it came to: the port alone could be that of another listener on another address.
    /// </summary>
    private sealed class Scrape
    {
        public static readonly Scrape Instance = new();
    }
}
