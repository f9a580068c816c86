using System.Security.Claims;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Authentication.Certificate;
using Microsoft.Extensions.Options;

namespace Hype.Gateway.Auth;

/// <summary>
/// The certificates that administrators may show instead of a token (mutual TLS): which of them count, and why one does not. The
/// framework looks at signature, time and use.
/// </summary>
internal sealed class ClientCertificates(IOptions<TlsOptions> options, CertificateMetrics metrics, TimeProvider time)
{
    /// <summary>X.520 §6.2.2.</summary>
    private const string CommonName = "2.5.4.3";

    /// <summary>
    /// The request shows a certificate, and means to be judged by it: a token that is there too says more exactly what is wanted. Never a
    /// page's request: a browser shows a certificate whoever asks it to, so that pages of others could give orders through it.
    /// </summary>
    public static bool Counts(HttpContext context) =>
        context.Connection.ClientCertificate is not null && context.Request.Headers.Authorization.Count == 0 && context.Request.Headers.Origin.Count == 0;

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
    /// As <see cref="Counts"/>, and worth the framework's look, which would fetch an issuer that it lacks from wherever the certificate says:
    /// for a stranger's certificate that is not done.
    /// </summary>
    public bool MayCount(HttpContext context) =>
        Counts(context) && (_authorities.Value.Count == 0 || IsOfAuthority(context.Connection.ClientCertificate!));

    public void Configure(CertificateAuthenticationOptions certificates)
    {
        var authorities = _authorities.Value;
        certificates.AllowedCertificateTypes = authorities.Count > 0 ? CertificateTypes.Chained : CertificateTypes.SelfSigned;
        certificates.ChainTrustValidationMode = X509ChainTrustMode.CustomRootTrust;
        certificates.CustomTrustStore = authorities;
        // The authority of a few administrators publishes no list: a certificate is withdrawn by its thumbprint, or lives shortly.
        certificates.RevocationMode = X509RevocationMode.NoCheck;
        certificates.Events = new CertificateAuthenticationEvents { OnCertificateValidated = Admit };
    }

    /// <summary>Why the certificate of a request that was refused did not help, counted; null when it is not what the request goes by.</summary>
    public (CertificateFlaw Flaw, string Sentence)? Refuse(HttpContext context)
    {
        if (!Counts(context))
            return null;
        var certificate = context.Connection.ClientCertificate!;
        // What only the framework can see is the chain.
        var flaw = FlawOf(certificate) ?? CertificateFlaw.Untrusted;
        metrics.Refused(flaw);
        return (flaw, flaw switch
        {
            CertificateFlaw.Expired => $"The client certificate expired on {certificate.NotAfter.ToUniversalTime():yyyy-MM-dd}: get a new one.",
            CertificateFlaw.NotYetValid => $"The client certificate is valid from {certificate.NotBefore.ToUniversalTime():yyyy-MM-dd} on.",
            CertificateFlaw.NotListed => "The client certificate is not among those of Hype:Tls:ClientThumbprints.",
            CertificateFlaw.Nameless => $"The client certificate's subject needs a common name of 1-{AccessToken.MaxIdentityLength} printable characters.",
            _ => "The client certificate is not of an authority of Hype:Tls:ClientAuthorities, or not for client authentication.",
        });
    }

    private Task Admit(CertificateValidatedContext context)
    {
        var certificate = context.ClientCertificate;
        // Without authorities the framework takes any that is signed by itself. An address that is configured past us may ask for one.
        var flaw = options.Value.AsksForCertificates() ? FlawOf(certificate) : CertificateFlaw.Untrusted;
        if (flaw is not null)
        {
            context.Fail($"{flaw}");
            return Task.CompletedTask;
        }

        // As an administrator's token says it.
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

    /// <summary>The first that can be seen without its authority; null when there is none.</summary>
    private CertificateFlaw? FlawOf(X509Certificate2 certificate)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var listed = options.Value.ClientThumbprints;
        return now > certificate.NotAfter.ToUniversalTime() ? CertificateFlaw.Expired
            : now < certificate.NotBefore.ToUniversalTime() ? CertificateFlaw.NotYetValid
            : listed.Length > 0 && !listed.Contains(certificate.GetCertHashString(HashAlgorithmName.SHA256), StringComparer.OrdinalIgnoreCase) ? CertificateFlaw.NotListed
            : !AccessToken.IsText(NameOf(certificate), AccessToken.MaxIdentityLength) ? CertificateFlaw.Nameless
            : null;
    }

    /// <summary>The common name and nothing else: the framework's simple name falls back to a unit or an address, which several people share.</summary>
    private static string NameOf(X509Certificate2 certificate) =>
        certificate.SubjectName.EnumerateRelativeDistinguishedNames()
            .FirstOrDefault(part => !part.HasMultipleElements && part.GetSingleElementType().Value == CommonName)?.GetSingleElementValue() ?? "";
}

/// <summary>Why a client certificate does not count; a tag of <c>hype.gateway.certificates.refused</c>.</summary>
internal enum CertificateFlaw
{
    /// <summary>Of another authority, or not for this use: nothing else is wrong with it.</summary>
    Untrusted,
    Expired,
    NotYetValid,

    /// <summary>Only certain ones count, and it is none of them.</summary>
    NotListed,

    /// <summary>Its subject has no name that could be an identity.</summary>
    Nameless,
}
