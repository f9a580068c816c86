using Hype.Cluster.Tests.Harness;
using Hype.EndToEnd.Tests.Harness;
using Hype.Testing.Processes;

namespace Hype.Cluster.Tests.Monitoring;

/// <summary>Every dashboard and every alert of deploy/ asks for what a running cluster shows.</summary>
[Category("Cluster")]
internal sealed class PrometheusTests
{
    // Scrapes each second, and a rate needs two; the rest is for two busy cores.
    private static readonly TimeSpan DataLimit = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan ToolLimit = TimeSpan.FromSeconds(60);

    /// <summary>Series that appear with the first event of their kind, which a healthy cluster does not have.</summary>
    private static readonly string[] OnlyWhenItHappens =
    [
        "orleans_storage_write_errors_total",
        "hype_node_command_failures_total",
        "hype_grain_call_failures_total",
    ];

    private LocalCluster _cluster = null!;
    private PrometheusServer _prometheus = null!;

    [OneTimeSetUp]
    public async Task PeopleTalk()
    {
        _cluster = await SharedCluster.GetAsync();
        await _cluster.WholeAsync();
        _prometheus = await PrometheusServer.StartAsync(_cluster);
        string[] regions = [.. _cluster.Nodes.Select(node => node.Region).Distinct()];

        // Series of histograms begin with their first event: these are the events, and they are seen to grow.
        await using var forwarded = await Conversation.StartAsync(_cluster, "monitored", people: 9, regions);
        await using var mesh = await Reporter.JoinAsync(_cluster, "monitored-mesh", "ada");
        await using var other = await Reporter.JoinAsync(_cluster, "monitored-mesh", "bob");
        await using (await Reporter.JoinAsync(_cluster, "monitored-mesh", "mallory", believed: false))
        {
        }
        await ReportAsync();
        await _cluster.RestartAsync(_cluster.Nodes.First().Name); // drained first: people move
        await _cluster.WholeAsync();
        await forwarded.HearEachOtherAsync(forwarded.Mark());

        var missing = new List<string>();
        await Waiting.UntilAsync(
            async () =>
            {
                await ReportAsync();
                missing.Clear();
                missing.AddRange(await MissingAsync());
                return missing.Count == 0;
            },
            DataLimit,
            () => $"Prometheus has nothing for\n  {string.Join("\n  ", missing)}");

        async Task ReportAsync()
        {
            await mesh.ReportAsync();
            await other.ReportAsync();
        }
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (_prometheus is not null)
            await _prometheus.DisposeAsync();
    }

    [Test]
    public async Task Every_rule_is_evaluated()
    {
        var rules = await _prometheus.RulesAsync();
        Assert.That(rules, Is.Not.Empty);
        Assert.That(rules.Where(rule => rule.Health != "ok"), Is.Empty);
    }

    [TestCase("check", "rules", "hype.rules.yml")]
    [TestCase("test", "rules", "hype.rules.test.yml")]
    [TestCase("check", "config", "prometheus.yml")]
    public async Task Promtool_takes(string verb, string what, string file) =>
        await ChildProcess.RunAsync("promtool", [verb, what, file], ToolLimit, PrometheusServer.Folder);

    /// <summary>All panels' expressions have an answer, and all selectors of the alerts' find something.</summary>
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
        foreach (var selector in Dashboard.Selectors(string.Join('\n', AlertExpressions(alerts))).Where(selector => !OnlyWhenItHappens.Contains(selector.Split('{')[0])))
        {
            if ((await _prometheus.QueryAsync(selector)).Count == 0)
                missing.Add($"hype.rules.yml: {selector}");
        }
        return missing;
    }

    /// <summary>From <c>expr:</c> to the next key of the rule, in which no expression is.</summary>
    private static IEnumerable<string> AlertExpressions(string rules)
    {
        var inside = false;
        foreach (var line in rules.Split('\n').Select(line => line.Trim()).Where(line => !line.StartsWith('#')))
        {
            inside = line.StartsWith("expr:", StringComparison.Ordinal) || (inside && !line.StartsWith("for:", StringComparison.Ordinal) && !line.StartsWith("labels:", StringComparison.Ordinal));
            if (inside)
                yield return line;
        }
    }
}
