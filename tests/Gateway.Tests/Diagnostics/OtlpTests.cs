using System.Collections.Concurrent;
using System.Net;
using Hype.Gateway.Tests.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Hype.Gateway.Tests.Diagnostics;

/// <summary>Tests the metrics, traces and logs that an OpenTelemetry collector receives by OTLP over HTTP.</summary>
public sealed class OtlpTests
{
    private readonly ConcurrentDictionary<string, bool> _sent = [];
    private WebApplication _collector = null!;

    [OneTimeSetUp]
    public async Task StartCollectorAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _collector = builder.Build();
        _collector.MapPost("/v1/{signal}", (string signal) =>
        {
            _sent[signal] = true;
            return Results.Bytes([], "application/x-protobuf");
        });
        await _collector.StartAsync();
    }

    [OneTimeTearDown]
    public async Task StopCollectorAsync() => await _collector.DisposeAsync();

    [TestCase("otlp", "logs", "metrics", "traces")]
    [TestCase("None", "metrics", "traces")]
    public async Task Logs_are_exported_unless_OTEL_LOGS_EXPORTER_is_none(string logs, params string[] sent)
    {
        _sent.Clear();
        // The rest is sent when a process ends.
        await using (var host = await EmbeddedHost.StartAsync(
            ("OTEL_EXPORTER_OTLP_ENDPOINT", _collector.Urls.Single()),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
            ("OTEL_LOGS_EXPORTER", logs)))
        {
            using var ada = await host.JoinAsync("told", "ada");
            await ada.PingAsync();
        }

        Assert.That(_sent.Keys.Order(), Is.EqualTo(sent));
    }
}
