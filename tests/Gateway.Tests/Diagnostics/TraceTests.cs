using System.Collections.Concurrent;
using System.Diagnostics;
using Hype.Gateway.Tests.Testing;

namespace Hype.Gateway.Tests.Diagnostics;

/// <summary>Tests traces across the gateway, the grains and, over a real gRPC connection, the media node.</summary>
public sealed class TraceTests
{
    private static readonly string[] Sources = [
        "Hype.Gateway", "Hype.Grains", "Microsoft.Orleans.Application", "System.Net.Http", "Microsoft.AspNetCore"];

    private readonly ConcurrentQueue<Activity> _spans = [];

    [Test]
    public async Task Join_and_mode_switch_each_produce_one_trace_from_the_socket_to_the_media_node()
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => Sources.Contains(source.Name),
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        // Traces are created without a collector too.
        await using (var host = await EmbeddedHost.StartAsync(("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1")))
        {
            using var ada = await host.JoinAsync("traced", "ada");
            await ada.PingAsync();
            await ada.SendAsync("""{"type":"simulate","fault":"switchMode"}""");
            await ada.ExpectAsync("offer");
            await ada.SendAsync("""{"type":"ready","epoch":2}""");
            await ada.ExpectAsync("commit");
            using var bob = await host.JoinAsync("traced", "bob");
            await bob.ExpectAsync("offer");
            await bob.PingAsync();
        }

        var joins = _spans.Where(span => span.OperationName == "signaling join").Select(span => TraceOf(span.TraceId)).ToArray();
        Assert.That(joins, Has.Length.EqualTo(2));
        Assert.That(
            joins[0],
            Has.Some.Contains("IChannelGrain/Join").And.Some.EqualTo("signaling ready").And.Some.Contains("IChannelGrain/Ready"));
        Assert.That(
            joins[1],
            Has.Some.Contains("IMediaNodeOrdersGrain/Execute AddEndpoint").And.Some.Contains("MediaNodeControl/Execute").And.Some.EqualTo(
                "signaling ready"),
            "the node is part of it");

        var change = TraceOf(_spans.Single(span => span.OperationName == "layout").TraceId);
        Assert.That(
            change,
            Has.Some.Contains("IRegionGrain/Place").And.Some.Contains("IMediaNodeOrdersGrain/Execute OpenRoom").And.Some.Contains(
                "MediaNodeControl/Execute").And.Some.EqualTo(
                "signaling ready"));
    }

    private string[] TraceOf(ActivityTraceId trace) => [.. _spans.Where(span => span.TraceId == trace).Select(Describe)];

    private static string Describe(Activity span) =>
        $"{span.DisplayName}{span.GetTagItem("http.route") ?? span.GetTagItem("url.path")}"
            + (span.GetTagItem("node.orders") is { } orders ? $" {orders}" : "");
}
