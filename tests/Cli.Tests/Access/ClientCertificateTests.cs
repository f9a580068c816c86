using Hype.Cli.Access;
using Hype.Cli.Commands;
using Hype.Cli.Tests.Testing;
using Hype.Gateway.Tests.Testing;
using Hype.Testing.Certificates;
using Hype.Testing.Processes;

namespace Hype.Cli.Tests.Access;

/// <summary>Tests the options <c>--cert</c> and <c>--key</c> of <c>hype</c>: calls with a client certificate instead of a token.</summary>
public sealed class ClientCertificateTests
{
    private readonly TestAuthority _authority = new("Operators");

    [OneTimeTearDown]
    public void TearDown() => _authority.Dispose();

    [Test]
    public async Task Client_certificate_is_used_instead_of_a_token_when_both_are_set()
    {
        await using var gateway = await GatewayHost.StartAsync(
            "Production",
            ("Hype:Tls:Url", "https://127.0.0.1:0"),
            ("Hype:Tls:Certificate", _authority.ServerFile),
            ("Hype:Tls:Key", _authority.ServerKeyFile),
            ("Hype:Tls:ClientAuthorities:0", _authority.AuthorityFile));
        var (certificate, key) = _authority.CertifyToFiles("CN=ops-1");

        // A separate process, because a process reads its trusted authorities from the environment only once.
        await using var hype = ChildProcess.Start(
            "dotnet", [typeof(HypeCommand).Assembly.Location, "close", "lobby", "--url", gateway.TlsUrl.ToString(), "--cert", certificate,
                "--key", key],
            environment: new Dictionary<string, string>
            {
                ["SSL_CERT_FILE"] = _authority.AuthorityFile,
                ["HYPE_TOKEN"] = "no.good.token",
            });
        Assert.That(await hype.WaitForExitAsync(TimeSpan.FromSeconds(60)), Is.EqualTo(ExitCode.Done), hype.Log);
        Assert.That(gateway.Cluster.Channel("lobby").Calls, Is.EqualTo(new[] { "Close False" }));
    }

    [Test]
    public async Task Client_certificate_without_a_private_key_is_wrong_usage()
    {
        var said = await Typist.Nowhere().TypeAsync("nodes", "--cert", _authority.ServerFile);
        Assert.That((said.Code, said.Errors), Is.EqualTo(
            (ExitCode.WrongUsage, $"hype: --cert and --key belong together: a certificate and its private key.{Environment.NewLine}")));
    }

    [Test]
    public void Invalid_certificate_file_is_reported_with_the_file_name_but_not_the_file_content()
    {
        var wrong = Assert.Throws<WrongUsageException>(() => ClientCertificate.Read(_authority.ServerKeyFile, _authority.ServerKeyFile));
        Assert.That(wrong!.Message, Does.Contain(_authority.ServerKeyFile).And.Not.Contain("PRIVATE"));
        Assert.That(() => ClientCertificate.Read("/nowhere.pem", "/nowhere.key"),
            Throws.TypeOf<WrongUsageException>().With.Message.Contains("/nowhere.pem"));
    }
}
