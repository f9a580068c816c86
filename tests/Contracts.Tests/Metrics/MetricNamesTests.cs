using System.Diagnostics.Metrics;
using System.Net;
using Hype.Clustering.Tls;
using Hype.Contracts.Tests.Frozen;
using Hype.Gateway.Tests.Testing;
using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Channels.Effects;
using Hype.Grains.Diagnostics;
using Hype.MediaNode.Hosting;
using Hype.MediaNode.Workers;
using Hype.Testing.Certificates;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Hype.Contracts.Tests.Metrics;

/// <summary>
/// Compares the metrics of a running process (<c>/metrics</c>) with the frozen list that dashboards and alerts depend on, and with
/// docs/metrics.md.
/// </summary>
public sealed class MetricNamesTests
{
    private static readonly FrozenList Frozen = new("metrics.txt");

    private EmbeddedHost _host = null!;
    private Scrape _scrape = null!;

    [OneTimeSetUp]
    public async Task TalkAsync()
    {
        _host = await EmbeddedHost.StartAsync();
        using (var ada = await _host.JoinAsync("conversation", "ada"))
        {
            await ada.SendAsync("""{"type":"quality","rttMs":20,"lossPercent":1,"jitterMs":3,"firstAudioMs":200,"switchGapMs":1}""");
            await ada.SendAsync("""{"type":"simulate","fault":"switchMode"}""");
            await ada.ExpectAsync("offer");
            await ada.SendAsync("""{"type":"ready","epoch":2}""");
            await ada.ExpectAsync("commit");
            await ada.SendAsync("""{"type":"leave"}""");
            await ada.ExpectCloseAsync();
        }

        Happen();
        _scrape = await Scrape.OfAsync(_host.MetricsUrl);
    }

    [OneTimeTearDown]
    public async Task TearDown() => await _host.DisposeAsync();

    [Test]
    public void Metrics_keep_their_names_kinds_and_labels() => Frozen.AssertHolds(
        Own(_scrape),
        "Operators' dashboards and alerts use it: put it back. Something new gets a new name, and a line in docs/metrics.md.");

    [Test]
    public void Metrics_page_lists_exactly_the_metrics_of_the_process() =>
        Assert.That(Documented(), Is.EquivalentTo(Own(_scrape)), "docs/metrics.md");

    [Test]
    public async Task Metrics_address_serves_no_API_and_the_client_address_serves_no_metrics()
    {
        Assert.That(await StatusAsync(_host.MetricsUrl, "/health/live"), Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await StatusAsync(_host.MetricsUrl, "/"), Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(await StatusAsync(_host.MetricsUrl, "/api/voice/health"), Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(await StatusAsync(_host.Url, "/metrics"), Is.EqualTo(HttpStatusCode.NotFound));
    }

    [Test]
    public async Task Number_of_metric_series_does_not_grow_with_the_number_of_channels()
    {
        await VisitAsync("first");
        var before = await Scrape.OfAsync(_host.MetricsUrl);
        for (var i = 0; i < 20; i++)
            await VisitAsync($"bounded-{i}");
        var after = await Scrape.OfAsync(_host.MetricsUrl);

        // A timer may call a method or a node order for the first time meanwhile; these names come from the program.
        string[] ofTheProgram = ["hype_grain_call_", "hype_node_order_"];
        var added = after.Series.Except(before.Series).Where(series => series.StartsWith("hype_", StringComparison.Ordinal));
        Assert.That(added.Where(series => !ofTheProgram.Any(name => series.StartsWith(name, StringComparison.Ordinal))), Is.Empty);
        Assert.That(after.Series, Has.None.Contains("bounded").And.None.Contains("visitor"));
    }

    private async Task VisitAsync(string channel)
    {
        using var client = await _host.JoinAsync(channel, $"visitor-of-{channel}");
        await client.SendAsync("""{"type":"leave"}""");
        await client.ExpectCloseAsync();
    }

    /// <summary>
    /// Records values of the series that a short conversation without a browser does not produce: media, losses and failures.
    /// </summary>
    private void Happen()
    {
        var grains = _host.App.Services.GetRequiredService<GrainMetrics>();
        grains.AddReceiver("default");
        grains.Flooded();
        grains.Moved(MoveWay.Candidate, TimeSpan.FromMilliseconds(40));
        grains.NodeOrderCompleted("AddEndpoint", NodeOutcome.Unreachable, TimeSpan.FromSeconds(2));
        _host.App.Services.GetServices<Orleans.IIncomingGrainCallFilter>().OfType<GrainCallMetrics>().Single()
            .Failed("IChannelGrain", "Join");
        using var authority = new TestAuthority("Cluster");
        using var certificate = authority.Certify("CN=silo");
        new ClusterTlsMetrics(_host.App.Services.GetRequiredService<IMeterFactory>(), TimeProvider.System).Export(certificate);

        var counters = _host.App.Services.GetRequiredService<WorkerPool>().Workers[0].Counters;
        foreach (var tally in new[] { counters.Turns, counters.Connecting, counters.LossUp, counters.LossDown, counters.JitterUp,
            counters.JitterDown, counters.RoundTrip })
            tally.Add(0.01);
        _host.App.Services.GetServices<IHostedService>().OfType<MediaMetrics>().Single().ReadTallies();
    }

    private static IEnumerable<string> Own(Scrape scrape) =>
        scrape.Metrics.Where(metric => metric.StartsWith("hype_", StringComparison.Ordinal));

    private static IEnumerable<string> Documented()
    {
        var kinds = new Dictionary<string, string> { ["c"] = "counter", ["g"] = "gauge", ["h"] = "histogram" };
        return from line in Repository.Read("docs/metrics.md").Split('\n')
               where line.StartsWith("| `hype_", StringComparison.Ordinal)
               let cells = line.Split('|', StringSplitOptions.TrimEntries)
               let labels = cells[3].Split(['`', ',', ' '], StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal)
               select $"{cells[1].Trim('`')} {kinds[cells[2]]}{string.Concat(labels.Select(label => $" {label}"))}";
    }

    private static async Task<HttpStatusCode> StatusAsync(Uri address, string path)
    {
        using var http = new HttpClient { BaseAddress = address };
        return (await http.GetAsync(path)).StatusCode;
    }
}
