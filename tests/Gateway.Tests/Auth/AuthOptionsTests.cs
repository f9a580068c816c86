using System.Security.Cryptography;
using Hype.Gateway.Auth;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;

namespace Hype.Gateway.Tests.Auth;

/// <summary>Tests the validation of API keys: every flaw has its own sentence, and no sentence contains a secret.</summary>
public sealed class AuthOptionsTests
{
    private const string Secret = "a-secret-of-the-tests-with-more-than-32-bytes";

    [Test]
    public void API_key_with_either_a_secret_or_a_public_key_is_valid()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Assert.That(Errors(new ApiKeyOptions { Id = "app", Secret = Secret }), Is.Empty);
        Assert.That(Errors(new ApiKeyOptions { Id = "app", PublicKey = key.ExportSubjectPublicKeyInfoPem() }), Is.Empty);
        Assert.That(
            Errors(
                new ApiKeyOptions { Id = "app", KeyId = "1", Secret = Secret },
                new ApiKeyOptions { Id = "app", KeyId = "2", Secret = Secret }),
            Is.Empty);
    }

    [Test]
    public void Two_keys_of_one_application_with_the_same_KeyId_are_refused() =>
        Assert.That(
            Errors(new ApiKeyOptions { Id = "app", Secret = Secret }, new ApiKeyOptions { Id = "app", Secret = Secret }),
            Has.One.Contains("Hype:Auth:Keys of the same Id must have different KeyIds"));

    private static IEnumerable<TestCaseData> Wrong()
    {
        using var p256 = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var p384 = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using var rsa = RSA.Create(2048);
        yield return Case("not PEM", "is not PEM", "AAAA");
        yield return Case("a private key", "a private key belongs to the application", p256.ExportPkcs8PrivateKeyPem());
        yield return Case("an EC private key", "a private key belongs to the application", p256.ExportECPrivateKeyPem());
        yield return Case("another curve", "on the curve P-256", p384.ExportSubjectPublicKeyInfoPem());
        yield return Case("RSA", "on the curve P-256", rsa.ExportSubjectPublicKeyInfoPem());
        yield return Case("nonsense in PEM", "on the curve P-256", PemEncoding.WriteString("PUBLIC KEY", [1, 2, 3]));

        static TestCaseData Case(string name, string error, string pem) => new TestCaseData(pem, error).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Wrong))]
    public void Public_key_option_without_a_PEM_encoded_P256_public_key_is_refused(string pem, string error)
    {
        var errors = Errors(new ApiKeyOptions { Id = "app", PublicKey = pem });
        Assert.That(errors, Has.Exactly(1).Contains($"Hype:Auth:Keys:0:PublicKey").And.Exactly(1).Contains(error));
        Assert.That(string.Join(' ', errors), Does.Not.Contain(pem.Split('\n').ElementAtOrDefault(1) ?? pem));
    }

    [Test]
    public void API_key_with_both_a_secret_and_a_public_key_is_refused()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Assert.That(
            Errors(new ApiKeyOptions { Id = "app", Secret = Secret, PublicKey = key.ExportSubjectPublicKeyInfoPem() }),
            Has.One.Contains("must not be set beside a PublicKey"));
    }

    [Test]
    public void Refresh_key_without_a_secret_is_refused()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var keys =
            new[]
            {
                new ApiKeyOptions { Id = "public", PublicKey = key.ExportSubjectPublicKeyInfoPem() },
                new ApiKeyOptions { Id = "own", Secret = Secret },
            };
        Assert.That(Errors(new AuthOptions { Keys = keys, RefreshKey = "own" }), Is.Empty);
        Assert.That(Errors(new AuthOptions { Keys = keys, RefreshKey = "public" }), Has.One.Contains("Hype:Auth:RefreshKey is 'public'"));
    }

    [Test]
    public void Guest_token_lifetime_above_the_maximum_token_lifetime_is_refused() => Assert.That(
        Errors(new AuthOptions { Keys = [new ApiKeyOptions { Id = "app", Secret = Secret }], MaxTokenLifetime = TimeSpan.FromHours(1) }),
        Has.One.Contains("Hype:Auth:GuestTokenLifetime"));

    private static string[] Errors(params ApiKeyOptions[] keys) => Errors(new AuthOptions { Keys = keys });

    private static string[] Errors(AuthOptions options) =>
        [.. new AuthOptionsValidator(new HostingEnvironment { EnvironmentName = Environments.Production }).Validate(null, options).Failures
            ?? []];
}
