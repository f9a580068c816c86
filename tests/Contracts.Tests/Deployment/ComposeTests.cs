using System.ComponentModel;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace Hype.Contracts.Tests.Deployment;

/// <summary>
/// Tests that Docker Compose accepts deploy/compose.yaml, and that each process accepts the configuration that the file gives it.
/// </summary>
public sealed partial class ComposeTests
{
    private static readonly string File = Repository.Read(Path.Combine("deploy", "compose.yaml"));

    /// <summary>The variables of deploy/.env.example, with a test value for each variable that the file leaves empty.</summary>
    private static readonly Dictionary<string, string> Filled = EnvironmentFile.Fill(
        Path.Combine("deploy", ".env.example"), name => name == "PUBLIC_ADDRESS" ? "192.0.2.1" : new string('s', 64));

    private static readonly Dictionary<string, Dictionary<string, string>> Environments = Services()
        .Where(service => service.Value.TryGetValue("image", out var image) && Process.Of((string)image) is not null)
        .Where(service => service.Value.ContainsKey("environment"))
        .ToDictionary(service => service.Key, service => ((Dictionary<object, object>)service.Value["environment"])
            .ToDictionary(variable => (string)variable.Key, variable => Interpolate((string)variable.Value)));

    private static IEnumerable<string> Names => Environments.Keys.Except(["migrate"]);

    [Test]
    public void Compose_file_has_two_services_of_each_process() =>
        Assert.That(Names, Is.EquivalentTo(["silo-1", "silo-2", "gateway-1", "gateway-2", "node-1", "node-2"]));

    [TestCaseSource(nameof(Names))]
    public void Environment_of_each_service_is_a_valid_configuration(string name) =>
        Assert.That(Process.Of((string)Services()[name]["image"])!.Errors(Environments[name]), Is.Empty);

    /// <summary>Tests that only the processes that need a port share a network with its owner.</summary>
    [TestCase("silos", "silo-1", "silo-2", "gateway-1", "gateway-2")]
    [TestCase("stores", "silo-1", "silo-2", "gateway-1", "gateway-2", "migrate", "redis", "postgres")]
    [TestCase("control", "silo-1", "silo-2", "gateway-1", "gateway-2", "node-1", "node-2")]
    [TestCase("dashboards", "prometheus", "grafana")]
    [TestCase("turn", "coturn")]
    public void Network_connects_only_these_services(string network, params string[] services) =>
        Assert.That(Services().Where(service => NetworksOf(service.Value).Contains(network)).Select(service => service.Key),
            Is.EquivalentTo(services));

    [Test]
    public void Service_has_no_network_that_the_file_does_not_name() =>
        Assert.That(Services().Where(service => NetworksOf(service.Value).Contains("default")).Select(service => service.Key), Is.Empty);

    [Test]
    public void Service_is_unprivileged_with_a_read_only_file_system()
    {
        foreach (var (name, service) in Services())
        {
            Assert.That(service.GetValueOrDefault("read_only"), Is.EqualTo("true"), name);
            Assert.That(service.GetValueOrDefault("cap_drop"), Is.EqualTo(new object[] { "ALL" }), name);
            Assert.That(service.GetValueOrDefault("security_opt"), Is.EqualTo(new object[] { "no-new-privileges:true" }), name);
        }
    }

    [Test]
    public void Unknown_configuration_key_in_an_environment_is_reported()
    {
        var silo = Process.Of("hype-silo")!;
        Assert.That(
            silo.Errors(Environments["silo-1"].Append(new("Hype__Silo__Nonsense", "1")).ToDictionary()), Has.One.Contains("Nonsense"));
        Assert.That(silo.Errors(Environments["silo-1"].Append(new("Hype__Nonsense__Url", "1")).ToDictionary()),
            Is.EqualTo(["Hype:Nonsense:Url: there is no such section"]));
    }

    [Test]
    public void Environment_example_has_every_variable_of_the_compose_file_and_no_secret()
    {
        Assert.That(Variable().Matches(File).Select(match => match.Groups[1].Value).Distinct(), Is.EquivalentTo(Filled.Keys));
        var example = EnvironmentFile.Read(Path.Combine("deploy", ".env.example"));
        Assert.That(example.Where(line => SecretName().IsMatch(line.Key) && line.Value.Length > 0), Is.Empty);
    }

    [Test]
    public void Docker_Compose_accepts_the_compose_file()
    {
        var env = Path.GetTempFileName();
        System.IO.File.WriteAllLines(env, Filled.Select(variable => $"{variable.Key}={variable.Value}"));
        try
        {
            var (code, output) = Command.Run("docker-compose", ["--file", "deploy/compose.yaml", "--env-file", env, "config", "--quiet"]);
            Assert.That(code, Is.Zero, output);
        }
        catch (Win32Exception)
        {
            Assert.Ignore("docker-compose is not installed; the file is not checked against its schema (tests/run installs it)");
        }
        finally
        {
            System.IO.File.Delete(env);
        }
    }

    /// <summary>Reads the services of the file, with resolved anchors and merge keys.</summary>
    private static Dictionary<string, Dictionary<object, object>> Services() =>
        ((Dictionary<object, object>)new Deserializer()
            .Deserialize<Dictionary<string, object>>(new MergingParser(new Parser(new StringReader(File))))["services"])
            .ToDictionary(service => (string)service.Key, service => (Dictionary<object, object>)service.Value);

    private static IEnumerable<string> NetworksOf(Dictionary<object, object> service) =>
        service.ContainsKey("network_mode") ? [] : service.GetValueOrDefault("networks") switch
        {
            IEnumerable<KeyValuePair<object, object>> map => map.Select(network => (string)network.Key),
            IEnumerable<object> list => list.Cast<string>(),
            _ => ["default"],
        };

    private static string Interpolate(string text) => Variable().Replace(text, match => Filled[match.Groups[1].Value]);

    [GeneratedRegex(@"(?<!\$)\$\{(\w+):\?\}")]
    private static partial Regex Variable();

    [GeneratedRegex("SECRET|PASSWORD|CREDENTIAL")]
    private static partial Regex SecretName();
}
