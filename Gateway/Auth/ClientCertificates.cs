using System.Security.Claims;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Hype.Hosting.Certificates;
using Microsoft.AspNetCore.Authentication.Certificate;
using Microsoft.Extensions.Options;

namespace Hype.Gateway.Auth;

/// <summary>
/// Checks the client certificates that administrators may present instead of a token (mutual TLS). The framework itself checks signature,
/// validity period and key usage.
/// </summary>
internal sealed class ClientCertificates(IOptions<TlsOptions> options, CertificateMetrics metrics, TimeProvider time)
{
    /// <summary>The attribute type of the common name (X.520 §6.2.2).</summary>
    private const string CommonName = "2.5.4.3";

    /// <summary>
    /// Returns true if the client certificate authenticates the request. A request with a token is authenticated by the token alone. A
    /// request from a web page is never authenticated by the certificate: a browser presents it for any page, so that foreign pages could
    /// send requests in the administrator's name.
    /// </summary>
    public static bool Counts(HttpContext context) =>
        context.Connection.ClientCertificate is not null
        && context.Request.Headers.Authorization.Count == 0
        && context.Request.Headers.Origin.Count == 0;

    private readonly Lazy<X509Certificate2Collection> _authorities = new(() =>
    {
        var authorities = new X509Certificate2Collection();
        foreach (var file in options.Value.ClientAuthorities)
        {
            PemFiles.ReadAuthorities(file, out var read);
            authorities.AddRange(read);
        }

        return authorities;
    });

    /// <summary>
    /// Returns true if the framework may validate the client certificate: <see cref="Counts"/> is true and, if authorities are
    /// configured, one of them issued the certificate. For any other certificate the framework would download the issuer from an address
    /// that the certificate names.
    /// </summary>
    public bool MayCount(HttpContext context) =>
        Counts(context) && (_authorities.Value.Count == 0 || IsOfAuthority(context.Connection.ClientCertificate!));

    public void Configure(CertificateAuthenticationOptions certificates)
    {
        var authorities = _authorities.Value;
        certificates.AllowedCertificateTypes = authorities.Count > 0 ? CertificateTypes.Chained : CertificateTypes.SelfSigned;
        certificates.ChainTrustValidationMode = X509ChainTrustMode.CustomRootTrust;
        certificates.CustomTrustStore = authorities;
        // The authority of a few administrators publishes no revocation list: a certificate is revoked by its thumbprint, or expires soon.
        certificates.RevocationMode = X509RevocationMode.NoCheck;
        certificates.Events = new CertificateAuthenticationEvents { OnCertificateValidated = Admit };
    }

    /// <summary>
    /// Finds and counts the flaw of a refused request's certificate; null when the request is not authenticated by a certificate.
    /// </summary>
    public (CertificateFlaw Flaw, string Sentence)? Refuse(HttpContext context)
    {
        if (!Counts(context))
            return null;
        var certificate = context.Connection.ClientCertificate!;
        // Only the framework checks the chain.
        var flaw = FlawOf(certificate) ?? CertificateFlaw.Untrusted;
        metrics.Refused(flaw);
        return (flaw, flaw switch
        {
            CertificateFlaw.Expired =>
                $"The client certificate expired on {certificate.NotAfter.ToUniversalTime():yyyy-MM-dd}: get a new one.",
            CertificateFlaw.NotYetValid =>
                $"The client certificate is valid from {certificate.NotBefore.ToUniversalTime():yyyy-MM-dd} on.",
            CertificateFlaw.NotListed => "The client certificate is not among those of Hype:Tls:ClientThumbprints.",
            CertificateFlaw.Nameless =>
                $"The client certificate's subject needs a common name of 1-{AccessToken.MaxIdentityLength} visible characters.",
            _ => "The client certificate has no authority of Hype:Tls:ClientAuthorities, or is not for client authentication.",
        });
    }

    private Task Admit(CertificateValidatedContext context)
    {
        var certificate = context.ClientCertificate;
        // Without authorities the framework accepts every self-signed certificate, and another configured address may request one.
        var flaw = options.Value.AsksForCertificates() ? FlawOf(certificate) : CertificateFlaw.Untrusted;
        if (flaw is not null)
        {
            context.Fail($"{flaw}");
            return Task.CompletedTask;
        }

        // The claims are those of an administrator's token.
        Claim[] claims = [new("sub", NameOf(certificate)), new(AccessToken.ChannelsClaim, "*"), new(AccessToken.GrantsClaim, "moderate")];
        context.Principal = new ClaimsPrincipal(new ClaimsIdentity(claims, context.Scheme.Name));
        context.Success();
        return Task.CompletedTask;
    }

    private bool IsOfAuthority(X509Certificate2 certificate)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(_authorities.Value);
        return chain.Build(certificate);
    }

    /// <summary>Finds the first flaw that is visible without a check of the certificate chain; null when there is none.</summary>
    private CertificateFlaw? FlawOf(X509Certificate2 certificate)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var listed = options.Value.ClientThumbprints;
        return now > certificate.NotAfter.ToUniversalTime() ? CertificateFlaw.Expired
            : now < certificate.NotBefore.ToUniversalTime() ? CertificateFlaw.NotYetValid
            : listed.Length > 0 && !IsListed(certificate) ? CertificateFlaw.NotListed
            : AccessToken.FlawOfIdentity(NameOf(certificate)) is not null ? CertificateFlaw.Nameless
            : null;
    }

    private bool IsListed(X509Certificate2 certificate) =>
        options.Value.ClientThumbprints.Contains(
            certificate.GetCertHashString(HashAlgorithmName.SHA256), StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// Returns the subject's common name. The framework's "simple name" may be a unit or an address instead, which several people share.
    /// </summary>
    private static string NameOf(X509Certificate2 certificate) =>
        certificate.SubjectName.EnumerateRelativeDistinguishedNames()
            .FirstOrDefault(part => !part.HasMultipleElements && part.GetSingleElementType().Value == CommonName)?.GetSingleElementValue()
                ?? "";
}

/// <summary>The reason for which a client certificate is refused; a label of <c>hype.gateway.certificates.refused</c>.</summary>
internal enum CertificateFlaw
{
    /// <summary>The certificate was issued by no configured authority, or is not for client authentication.</summary>
    Untrusted,
    Expired,
    NotYetValid,

    /// <summary>The certificate's thumbprint is not in <c>Hype:Tls:ClientThumbprints</c>.</summary>
    NotListed,

    /// <summary>The certificate's subject has no common name that can serve as an identity.</summary>
    Nameless,
}
