using System.Globalization;
using System.Net;
using Hype.EndToEnd.Tests.Documents.Grpcurl;
using Hype.EndToEnd.Tests.Testing;
using Hype.Testing.NetworkNamespaces;

namespace Hype.EndToEnd.Tests.Documents;

/// <summary>
/// Tests the documents' examples: runs every <c>curl</c> and <c>grpcurl</c> command in bash, unchanged, against a gateway with default
/// settings. If grpcurl is not installed, bash only parses its command, and <see cref="ReflectedServer"/> makes the call.
/// </summary>
[Category("E2E")]
internal sealed class DocumentExamples
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The seconds after which the test stops a command that does not end by itself; curl then exits with <see cref="CurlTimedOut"/>.
    /// </summary>
    private const string EndlessSeconds = "2";

    private const int CurlTimedOut = 28;

    private NetworkNamespace? _network;
    private GatewayProcess? _gateway;
    private DirectoryInfo _folder = null!;

    public static IEnumerable<TestCaseData> Examples() =>
        DocumentExample.All().Select(example => new TestCaseData(example).SetName($"{{m}}({example})"));

    [OneTimeSetUp]
    public async Task StartGateway()
    {
        _folder = Directory.CreateTempSubdirectory("hype-examples-");
        _network = await NetworkNamespace.CreateAsync();
        // Creates the certificates with the commands of the document.
        var makeCertificates = File.ReadLines(Path.Combine(RepositoryPaths.Root, "docs", "control-api.md"))
            .Where(line => line.StartsWith("openssl ", StringComparison.Ordinal));
        var (code, output) = await BashAsync($"set -e\n{string.Join('\n', makeCertificates)}");
        Assert.That(code, Is.Zero, output);
        _gateway = await GatewayProcess.StartAsync(_network, new Dictionary<string, string>
        {
            ["Hype__Tls__Url"] = "https://localhost:8443",
            ["Hype__Tls__Certificate"] = Path.Combine(_folder.FullName, "server.pem"),
            ["Hype__Tls__Key"] = Path.Combine(_folder.FullName, "server.key"),
            ["Hype__Tls__ClientAuthorities__0"] = Path.Combine(_folder.FullName, "authority.pem"),
        });
        using var http = _network.CreateHttpClient(GatewayProcess.Url);
        await Waiting.UntilAsync(
            async () => (await http.GetStringAsync("/api/voice/nodes")).Contains("lastHeartbeat", StringComparison.Ordinal), Limit,
            () => "No media node has registered.");
    }

    [OneTimeTearDown]
    public async Task StopGateway()
    {
        if (_gateway is not null)
            await _gateway.DisposeAsync();
        if (_network is not null)
            await _network.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Test]
    public void Documents_contain_examples_of_both_curl_and_grpcurl() =>
        Assert.That(DocumentExample.All().Select(example => example.IsGrpc), Has.Some.True.And.Some.False);

    [TestCaseSource(nameof(Examples))]
    public async Task Command_in_a_document_returns_the_documented_status_and_property_names(DocumentExample example)
    {
        var answer = example.IsGrpc ? await GrpcAsync(example) : await CurlAsync(example);
        if (example.Answer.Length > 0)
            Assert.That(
                JsonShape.Of(answer), Is.EqualTo(JsonShape.Of(example.Answer)),
                $"{example} shows other property names than the answer has: {answer}");
    }

    private async Task<string> CurlAsync(DocumentExample example)
    {
        var status = Path.Combine(_folder.FullName, "status");
        var limit = example.IsEndless ? $"--max-time {EndlessSeconds}" : "";
        // The status goes to a file of its own, apart from the answer.
        var curl =
            $$"""curl() { command curl --silent --show-error {{limit}} --write-out '%{stderr}%{http_code}' "$@" 2>'{{status}}'; }""";
        var (code, output) = await BashAsync($"{example.Given}\n{curl}\n{example.Command}");
        Assert.That(code, Is.EqualTo(example.IsEndless ? CurlTimedOut : 0), $"{example}: {output}");

        var said = await File.ReadAllTextAsync(status);
        var number = int.Parse(said[^3..], CultureInfo.InvariantCulture);
        Assert.That(
            number, example.Status is { } wanted ? Is.EqualTo(wanted) : Is.InRange((int)HttpStatusCode.OK, 299), $"{example}: {output}");
        return output;
    }

    private async Task<string> GrpcAsync(DocumentExample example)
    {
        if (await IsInstalledAsync("grpcurl") && !example.IsEndless)
        {
            var (code, output) = await BashAsync($"{example.Given}\n{example.Command}");
            Assert.That(code, Is.Zero, $"{example}: {output}");
            return output;
        }

        var words = Path.Combine(_folder.FullName, "words");
        var (_, said) = await BashAsync($"{example.Given}\ngrpcurl() {{ printf '%s\\0' \"$@\" >'{words}'; }}\n{example.Command}");
        Assert.That(File.Exists(words), $"{example}: {said}");
        var command = GrpcurlCommand.Parse((await File.ReadAllTextAsync(words)).Split('\0')[..^1]);
        using var server = new ReflectedServer(_network!, command, _folder.FullName);
        if (command.Verb.Length == 0)
            return (await server.CallAsync(command.Symbol, command.Data)).ToJsonString();
        var names = command is { Verb: "list", Symbol: "" } ? await server.ListAsync() : await server.DescribeAsync(command.Symbol);
        Assert.That(names, Is.Not.Empty);
        return "{}";
    }

    private async Task<bool> IsInstalledAsync(string command) => (await BashAsync($"command -v {command}")).Code == 0;

    private async Task<(int Code, string Output)> BashAsync(string script)
    {
        await using var bash = _network!.Start("bash", ["-c", $"set -o pipefail\n{script}"], _folder.FullName);
        var code = await bash.WaitForExitAsync(Limit);
        return (code, bash.Log);
    }
}
