using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Hype.Hosting.Telemetry;

/// <summary>Configures metrics, traces and logs of silo, gateway and media node in the same way.</summary>
public static class TelemetryHosting
{
    /// <summary>The name prefix of the program's own meters and activity sources; each is named after its project.</summary>
    private const string Own = "Hype.*";

    private static readonly string[] OtlpEndpoints =
        ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"];

    /// <summary>
    /// Adds metrics for <see cref="MetricsAddress"/>. If the standard variables of OpenTelemetry name a collector, it also exports
    /// metrics, traces and logs over OTLP; no logs if <c>OTEL_LOGS_EXPORTER</c> is <c>none</c>.
    /// </summary>
    /// <param name="builder">The process.</param>
    /// <param name="service"><c>service.name</c>; <c>OTEL_SERVICE_NAME</c> takes precedence.</param>
    public static void AddHypeTelemetry(this IHostApplicationBuilder builder, string service)
    {
        var telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(service, serviceVersion: Version).AddEnvironmentVariableDetector())
            .WithMetrics(metrics => metrics
                .AddMeter(
                    Own, "System.Runtime", "Microsoft.Orleans", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel")
                .AddPrometheusExporter(prometheus => prometheus.ScopeInfoEnabled = false));
        if (!ExportsTraces(builder.Configuration))
            return;
        telemetry
            .WithTracing(traces => traces
                .AddSource(Own, "Microsoft.Orleans.Application", "System.Net.Http")
                // A signaling socket stays open for the whole call: its messages are traced instead. Scrapes are not traced.
                .AddAspNetCoreInstrumentation(
                    web => web.Filter = context => !context.WebSockets.IsWebSocketRequest && !MetricsAddress.IsScrape(context)))
            .UseOtlpExporter();
        if (string.Equals(builder.Configuration["OTEL_LOGS_EXPORTER"], "none", StringComparison.OrdinalIgnoreCase))
            builder.Logging.AddFilter<OpenTelemetryLoggerProvider>(_ => false);
    }

    /// <summary>Returns true if a collector is configured: only then are traces recorded.</summary>
    public static bool ExportsTraces(IConfiguration configuration) =>
        OtlpEndpoints.Any(name => !string.IsNullOrEmpty(configuration[name]));

    private static string Version =>
        typeof(TelemetryHosting).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
}
