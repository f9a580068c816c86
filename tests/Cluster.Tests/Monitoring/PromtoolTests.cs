using Hype.Testing.Processes;

namespace Hype.Cluster.Tests.Monitoring;

/// <summary>
/// Tests deploy/prometheus without a cluster: promtool checks the syntax of rules and configuration, and runs the unit tests of the
/// important alerts.
/// </summary>
[Category("Cluster")]
internal sealed class PromtoolTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [TestCase("check", "rules", "hype.rules.yml")]
    [TestCase("test", "rules", "hype.rules.test.yml")]
    [TestCase("check", "config", "prometheus.yml")]
    public async Task Promtool_accepts_the_rule_file_the_configuration_and_the_unit_tests_of_the_rules(
        string verb, string what, string file) =>
        await ChildProcess.RunAsync("promtool", [verb, what, file], Limit, PrometheusServer.Folder);
}
