using Hype.Clustering.Tls;
using Hype.Testing.Certificates;

namespace Hype.Clustering.Tests.Tls;

public sealed class ClusterTlsOptionsTests
{
    private readonly TestAuthority _authority = new("Cluster");
    private readonly TestAuthority _others = new("Others");

    [OneTimeTearDown]
    public void DisposeAuthorities()
    {
        _authority.Dispose();
        _others.Dispose();
    }

    [Test]
    public void No_file_turns_TLS_off() => Assert.That(Errors(new ClusterTlsOptions()), Is.Empty);

    [Test]
    public void Certificate_of_the_authority_for_both_roles_is_valid() =>
        Assert.That(Errors(Of(_authority.CertifyToFiles("CN=silo-1", TestAuthority.ForBoth))), Is.Empty);

    [TestCase(TestAuthority.ForClients)]
    [TestCase(TestAuthority.ForServers)]
    public void Certificate_for_one_role_is_an_error(string role) =>
        Assert.That(Errors(Of(_authority.CertifyToFiles("CN=silo-1", role))),
            Has.Exactly(1).Items.And.All.StartsWith("Hype:ClusterTls:Certificate"));

    [Test]
    public void Certificate_of_another_authority_is_an_error() =>
        Assert.That(Errors(Of(_others.CertifyToFiles("CN=silo-1", TestAuthority.ForBoth))),
            Has.Exactly(1).Items.And.All.Contains("is not a valid certificate of an authority"));

    [Test]
    public void Expired_certificate_is_an_error() =>
        Assert.That(Errors(Of(_authority.CertifyToFiles("CN=silo-1", TestAuthority.ForBoth, TestAuthority.Year(2020)))),
            Has.Exactly(1).Items.And.All.Contains("has expired"));

    [Test]
    public void All_errors_are_reported_together_without_the_text_of_the_files()
    {
        var (certificate, key) = _authority.CertifyToFiles("CN=silo-1", TestAuthority.ForBoth);
        var errors = Errors(new ClusterTlsOptions { Certificate = key, Key = key, Authority = certificate });
        Assert.That(errors, Has.Exactly(2).Items);
        Assert.That(errors, Has.One.StartsWith("Hype:ClusterTls:Certificate").And.One.StartsWith("Hype:ClusterTls:Authority"));
        Assert.That(string.Concat(errors), Does.Not.Contain("-----"));
    }

    [Test]
    public void Missing_files_are_errors_even_if_only_one_key_is_set() =>
        Assert.That(Errors(new ClusterTlsOptions { Authority = "/nowhere/ca.crt" }),
            Has.Exactly(2).Items.And.One.StartsWith("Hype:ClusterTls:Certificate").And.One.Contains("/nowhere/ca.crt"));

    private ClusterTlsOptions Of((string Certificate, string Key) files) =>
        new() { Certificate = files.Certificate, Key = files.Key, Authority = _authority.AuthorityFile };

    private static string[] Errors(ClusterTlsOptions options) =>
        [.. new ClusterTlsOptionsValidator().Validate(null, options).Failures ?? []];
}
