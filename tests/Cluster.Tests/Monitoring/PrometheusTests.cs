using Hype.Cluster.Tests.Testing;
using Hype.EndToEnd.Tests.Testing;
using Hype.Testing.Webhooks;

namespace Hype.Cluster.Tests.Monitoring;

/// <summary>
/// Tests that every query of the dashboards and alerts of deploy/ finds series that a running cluster exports. The setup waits until all
/// queries have data, and fails otherwise.
/// </summary>
[Category("Cluster")]
internal sealed class PrometheusTests
{
    // Prometheus scrapes each second, and a rate needs two scrapes; the rest is a reserve for two busy cores.
    private static readonly TimeSpan DataLimit = TimeSpan.FromSeconds(90);

    /// <summary>
    /// Series that a process exports only after the first event of their kind, which a healthy cluster has not, or with a setting that
    /// this cluster does not have (<c>Hype:ClusterTls</c>).
    /// </summary>
    private static readonly string[] OnlyWhenItHappens =
    [
        "orleans_storage_write_errors_total",
        "hype_node_order_failures_total",
        "hype_grain_call_failures_total",
        "hype_cluster_certificate_expires_seconds",
    ];

    private WebhookServer _receiver = null!;
    private LocalCluster _cluster = null!;
    private PrometheusServer _prometheus = null!;

    [OneTimeSetUp]
    public async Task PeopleTalk()
    {
        // Two cores cannot run two clusters at once.
        await SharedCluster.StopAsync();
        _receiver = await WebhookServer.StartAsync();
        _cluster = await LocalCluster.StartAsync(new Dictionary<string, string>
        {
            ["Hype__Webhooks__Url"] = _receiver.Url,
            ["Hype__Webhooks__Secrets__0"] = WebhookServer.Secret,
        });
        var cluster = _cluster;
        _prometheus = await PrometheusServer.StartAsync(cluster);
        string[] regions = [.. cluster.Nodes.Select(node => node.Region).Distinct()];

        await using var first = await Conversation.StartAsync(cluster, "monitored", people: 9, regions);
        await cluster.RestartAsync(cluster.Nodes.First().Name); // the node drains first, so its members move
        await cluster.EnsureCompleteAsync();
        await first.HearEachOtherAsync(first.Mark());
        // Most histograms start with their first event, and only the next events count as growth.
        await using var second = await Conversation.StartAsync(cluster, "monitored-too", people: 9, regions);

        // Causes a switch of the mode in a channel with one member without media.
        await using var resident = await Reporter.JoinAsync(cluster, "monitored-change", "resident");
        await cluster.BackOffice.SetAsync("monitored-change", "sfu");

        var (visits, missing) = (0, new List<string>());
        await Waiting.UntilAsync(
            async () =>
            {
                await using var visitor = await Reporter.JoinAsync(cluster, "monitored-mesh", $"visitor-{++visits}");
                await visitor.ReportAsync();
                await using var stranger = await Reporter.JoinAsync(cluster, "monitored-mesh", "mallory", believed: false);
                missing.Clear();
                missing.AddRange(await MissingAsync());
                // Placement selects the nodes, and a node shows growth only from its second connections on.
                if (missing.Exists(query => query.Contains("hype_media_connect_duration", StringComparison.Ordinal)))
                    await (await Conversation.StartAsync(cluster, $"monitored-again-{visits}", people: 9, regions)).DisposeAsync();
                return missing.Count == 0;
            },
            DataLimit,
            () => $"Prometheus has nothing for\n  {string.Join("\n  ", missing)}");
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        foreach (var started in new IAsyncDisposable?[] { _prometheus, _cluster, _receiver })
        {
            if (started is not null)
                await started.DisposeAsync();
        }
    }

    [Test]
    public async Task Prometheus_evaluates_every_rule_without_an_error()
    {
        var rules = await _prometheus.RulesAsync();
        Assert.That(rules, Is.Not.Empty);
        Assert.That(rules.Where(rule => rule.Health != "ok"), Is.Empty);
    }

    /// <summary>Returns the panels' queries without a result and the alerts' selectors without a series.</summary>
    private async Task<IReadOnlyList<string>> MissingAsync()
    {
        var missing = new List<string>();
        foreach (var file in Dashboard.All)
        {
            foreach (var (panel, expression) in Dashboard.Expressions(file))
            {
                if ((await _prometheus.QueryAsync(expression)).Count == 0)
                    missing.Add($"{file}, {panel}: {expression}");
            }
        }

        var alerts = File.ReadAllText(Path.Combine(PrometheusServer.Folder, "hype.rules.yml"));
        foreach (var selector in Dashboard.Selectors(string.Join('\n', AlertExpressions(alerts)))
            .Where(selector => !OnlyWhenItHappens.Contains(selector.Split('{')[0])))
        {
            if ((await _prometheus.QueryAsync(selector)).Count == 0)
                missing.Add($"hype.rules.yml: {selector}");
        }

        return missing;
    }

    /// <summary>Returns the lines of all alert expressions: each from <c>expr:</c> to the next key of its rule.</summary>
    private static IEnumerable<string> AlertExpressions(string rules)
    {
        var inside = false;
        foreach (var line in rules.Split('\n').Select(line => line.Trim()).Where(line => !line.StartsWith('#')))
        {
            inside = line.StartsWith("expr:", StringComparison.Ordinal)
                || (inside && !line.StartsWith("for:", StringComparison.Ordinal) && !line.StartsWith("labels:", StringComparison.Ordinal));
            if (inside)
                yield return line;
        }
    }
}
