using Hype.Cluster.Tests.Testing;
using Hype.EndToEnd.Tests.Testing;
using Hype.Testing.Webhooks;

namespace Hype.Cluster.Tests.Monitoring;

/// <summary>Every dashboard and every alert of deploy/ queries series that a running cluster exports.</summary>
[Category("Cluster")]
internal sealed class PrometheusTests
{
    // Scrapes each second, and a rate needs two; the rest is a reserve for two busy cores.
    private static readonly TimeSpan DataLimit = TimeSpan.FromSeconds(90);

    /// <summary>Series that appear with the first event of their kind, which a healthy cluster does not have.</summary>
    private static readonly string[] OnlyWhenItHappens =
    [
        "orleans_storage_write_errors_total",
        "hype_node_order_failures_total",
        "hype_grain_call_failures_total",
    ];

    private WebhookServer _receiver = null!;
    private LocalCluster _cluster = null!;
    private PrometheusServer _prometheus = null!;

    [OneTimeSetUp]
    public async Task PeopleTalk()
    {
        // Two clusters at once exceed two cores.
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
        await cluster.RestartAsync(cluster.Nodes.First().Name); // drained first: members move
        await cluster.WholeAsync();
        await first.HearEachOtherAsync(first.Mark());
        // Most histograms start with their first event, and only the next events count as growth.
        await using var second = await Conversation.StartAsync(cluster, "monitored-too", people: 9, regions);

        // A switch, for which its one member only waits.
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
    public async Task Every_rule_is_evaluated()
    {
        var rules = await _prometheus.RulesAsync();
        Assert.That(rules, Is.Not.Empty);
        Assert.That(rules.Where(rule => rule.Health != "ok"), Is.Empty);
    }

    /// <summary>Returns the expressions of panels without an answer, and the selectors of alerts without a series.</summary>
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

    /// <summary>Returns the text from <c>expr:</c> to the next key of the rule.</summary>
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
