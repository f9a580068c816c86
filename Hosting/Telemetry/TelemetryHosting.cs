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

/// <summary>What each of the three processes does to be seen: one call, so that they cannot differ.</summary>
public static class TelemetryHosting
{
    /// <summary>The program's own meters and activity sources are named so, each after its project.</summary>
    private const string Own = "Hype.*";

    private static readonly string[] OtlpEndpoints =
        ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"];

    /// <summary>
    /// Metrics for <see cref="MetricsAddress"/>, and, when the standard variables of OpenTelemetry name a collector, metrics, traces and
    /// logs to it by OTLP; no logs where <c>OTEL_LOGS_EXPORTER</c> is <c>none</c>.
    /// </summary>
    /// <param name="builder">The process.</param>
    /// <param name="service"><c>service.name</c>; <c>OTEL_SERVICE_NAME</c> overrules it.</param>
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
                // A signaling socket is open for as long as a call: its messages are the traces, and a scrape is none.
                .AddAspNetCoreInstrumentation(
                    web => web.Filter = context => !context.WebSockets.IsWebSocketRequest && !MetricsAddress.IsScrape(context)))
            .UseOtlpExporter();
        if (string.Equals(builder.Configuration["OTEL_LOGS_EXPORTER"], "none", StringComparison.OrdinalIgnoreCase))
            builder.Logging.AddFilter<OpenTelemetryLoggerProvider>(_ => false);
    }

    /// <summary>Whether a collector is named: only then are traces made at all.</summary>
    public static bool ExportsTraces(IConfiguration configuration) =>
        OtlpEndpoints.Any(name => !string.IsNullOrEmpty(configuration[name]));

    private static string Version =>
        typeof(TelemetryHosting).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
}
