using Hype.Gateway.Auth;
using Hype.Testing.Certificates;

namespace Hype.Gateway.Tests.Auth;

public sealed class TlsOptionsTests
{
    private readonly TestAuthority _authority = new("Operators");

    [OneTimeTearDown]
    public void TearDown() => _authority.Dispose();

    private TlsOptions Sound => new()
    {
        Url = "https://*:8443",
        Certificate = _authority.ServerFile,
        Key = _authority.ServerKeyFile,
        ClientAuthorities = [_authority.AuthorityFile],
        ClientThumbprints = [new string('a', 64)],
    };

    [Test]
    public void Options_are_valid_without_TLS_and_with_complete_TLS_settings()
    {
        Assert.That(Errors(new TlsOptions()), Is.Empty);
        Assert.That(Errors(Sound), Is.Empty);
    }

    [Test]
    public void Invalid_TLS_option_is_reported_with_the_configuration_key()
    {
        Assert.That(Errors(Sound with { Url = "http://*:8443" }), Has.One.Contains("Hype:Tls:Url"));
        Assert.That(Errors(Sound with { Url = "" }), Has.One.StartsWith("Hype:Tls:Url must be set"));
        Assert.That(Errors(Sound with { Key = "" }), Has.One.StartsWith("Hype:Tls:Certificate and Key must name"));
        Assert.That(Errors(Sound with { Certificate = "/nowhere.pem" }), Has.One.Contains("/nowhere.pem"));
        Assert.That(Errors(Sound with { Key = _authority.ServerFile }), Has.One.Contains("are not a certificate and its private key"));
        Assert.That(
            Errors(Sound with { ClientAuthorities = ["/nowhere.pem"] }),
            Has.One.StartsWith("Hype:Tls:ClientAuthorities has '/nowhere.pem'"));
        Assert.That(
            Errors(Sound with { ClientAuthorities = [_authority.ServerFile] }), Has.One.Contains("no certificates of authorities"));
        Assert.That(
            Errors(Sound with { ClientAuthorities = [_authority.ServerKeyFile] }),
            Has.One.Contains("no certificates of authorities").And.None.Contains("PRIVATE"));
        Assert.That(Errors(Sound with { ClientThumbprints = ["AA:BB"] }), Has.One.StartsWith("Hype:Tls:ClientThumbprints has 'AA:BB'"));
    }

    private static IEnumerable<string> Errors(TlsOptions options) => new TlsOptionsValidator().Validate(null, options).Failures ?? [];
}
