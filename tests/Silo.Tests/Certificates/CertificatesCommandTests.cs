using System.Runtime.Versioning;
using Hype.Clustering.Tls;
using Hype.Silo.Certificates;

namespace Hype.Silo.Tests.Certificates;

[SupportedOSPlatform("linux")]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class CertificatesCommandTests : IDisposable
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    private readonly DirectoryInfo _authority = Directory.CreateTempSubdirectory("hype-authority-");
    private readonly DirectoryInfo _certificates = Directory.CreateTempSubdirectory("hype-certificates-");

    public void Dispose()
    {
        _authority.Delete(recursive: true);
        _certificates.Delete(recursive: true);
    }

    [Test]
    public async Task Issued_certificate_is_accepted_by_the_options_of_silo_and_gateway()
    {
        await RunAsync(Now);
        AssertAccepted();
    }

    [Test]
    public async Task Keys_can_be_read_only_by_their_owner_and_the_authoritys_key_stays_in_its_folder()
    {
        await RunAsync(Now);
        foreach (var key in new[] { Path.Combine(_authority.FullName, "ca.key"), InFolder("tls.key") })
            Assert.That(File.GetUnixFileMode(key), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite), key);
        Assert.That(
            _certificates.GetFiles().Select(file => file.Name), Is.EquivalentTo(["ca.crt", "tls.crt", "tls.key"]));
    }

    [Test]
    public async Task Second_run_changes_nothing_until_the_certificate_approaches_its_end()
    {
        await RunAsync(Now);
        var (authority, first) = (await ReadAsync("ca.crt"), await ReadAsync("tls.crt"));
        await RunAsync(Now.AddDays(200));
        Assert.That(await ReadAsync("tls.crt"), Is.EqualTo(first));

        await RunAsync(Now.AddDays(300));
        Assert.That(await ReadAsync("tls.crt"), Is.Not.EqualTo(first));
        Assert.That(await ReadAsync("ca.crt"), Is.EqualTo(authority), "silos with the old and the new certificate accept each other");
    }

    [Test]
    public async Task Interrupted_run_is_completed_by_the_next()
    {
        await RunAsync(Now);
        File.Delete(InFolder("tls.crt"));
        await RunAsync(Now);
        AssertAccepted();
    }

    [TestCase("ca.key")]
    [TestCase("ca.crt")]
    public async Task Lost_authority_is_not_replaced_while_certificates_of_it_are_in_use(string lost)
    {
        await RunAsync(Now);
        File.Delete(Path.Combine(_authority.FullName, lost));
        var before = await ReadAsync("tls.crt");
        using var errors = new StringWriter();
        var code = await CertificatesCommand.RunAsync([_authority.FullName, _certificates.FullName], Now, TextWriter.Null, errors);
        Assert.That(code, Is.EqualTo(1));
        Assert.That(errors.ToString(), Does.Contain("Restore both files from a backup"));
        Assert.That(await ReadAsync("tls.crt"), Is.EqualTo(before));

        foreach (var file in new[] { Path.Combine(_authority.FullName, "ca.crt"), InFolder("ca.crt"), InFolder("tls.crt") })
            File.Delete(file);
        await RunAsync(Now);
        AssertAccepted();
    }

    [Test]
    public async Task New_authority_at_the_end_of_the_old_one_requires_that_all_processes_stop()
    {
        await RunAsync(Now);
        using var output = new StringWriter();
        await CertificatesCommand.RunAsync(
            [_authority.FullName, _certificates.FullName], Now.AddYears(10).AddDays(-1), output, TextWriter.Null);
        Assert.That(output.ToString(), Does.Contain("stop all silos and gateways"));
    }

    [Test]
    public async Task Missing_folder_is_reported_in_a_sentence()
    {
        using var errors = new StringWriter();
        var code = await CertificatesCommand.RunAsync([_authority.FullName, "/nowhere/certificates"], Now, TextWriter.Null, errors);
        Assert.That(code, Is.EqualTo(1));
        Assert.That(errors.ToString(), Does.StartWith("The certificates were not written: "));
    }

    private void AssertAccepted()
    {
        var options = new ClusterTlsOptions
        {
            Certificate = InFolder("tls.crt"),
            Key = InFolder("tls.key"),
            Authority = InFolder("ca.crt"),
        };
        Assert.That(new ClusterTlsOptionsValidator().Validate(null, options).Failures, Is.Null);
    }

    private string InFolder(string file) => Path.Combine(_certificates.FullName, file);

    private Task<string> ReadAsync(string file) => File.ReadAllTextAsync(InFolder(file));

    private async Task RunAsync(DateTimeOffset now)
    {
        using var errors = new StringWriter();
        var code = await CertificatesCommand.RunAsync([_authority.FullName, _certificates.FullName], now, TextWriter.Null, errors);
        Assert.That(code, Is.Zero, errors.ToString());
    }
}
