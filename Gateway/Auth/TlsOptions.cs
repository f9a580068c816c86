using Hype.Hosting.Options;
using Hype.Hosting.Starting;
using Microsoft.Extensions.Options;

namespace Hype.Gateway.Auth;

/// <summary>
/// An address with TLS of the gateway's own, where administrators may show a certificate instead of a token; bound from <c>Hype:Tls</c>.
/// Off by default.
/// </summary>
public sealed record TlsOptions
{
    public const string Section = "Hype:Tls";

    /// <summary>Where REST, sockets, pages and gRPC are served with TLS, HTTP/1.1 and HTTP/2 (<c>https://*:8443</c>). Default: nowhere.</summary>
    public string Url { get; init; } = "";

    /// <summary>File with the certificate of this address as PEM, and after it those of the authorities between it and a root.</summary>
    public string Certificate { get; init; } = "";

    /// <summary>File with its private key as PEM, not encrypted.</summary>
    public string Key { get; init; } = "";

    /// <summary>
    /// Files with certificates of authorities as PEM. Whoever has a client certificate of one of them administers this deployment, so it is
    /// an authority for nothing else. Default: none.
    /// </summary>
    public string[] ClientAuthorities { get; init; } = [];

    /// <summary>
    /// SHA-256 thumbprints (64 hexadecimal digits) of the only client certificates that count: of those of <see cref="ClientAuthorities"/>
    /// if there are any, else of certificates that are signed by themselves. Default: none, which is all of the authorities'.
    /// </summary>
    public string[] ClientThumbprints { get; init; } = [];

    /// <summary>Somebody may show a certificate.</summary>
    internal bool AsksForCertificates() => ClientAuthorities.Length > 0 || ClientThumbprints.Length > 0;
}

internal sealed class TlsOptionsValidator : IValidateOptions<TlsOptions>
{
    public ValidateOptionsResult Validate(string? name, TlsOptions options)
    {
        var checks = new OptionChecks(TlsOptions.Section);
        if (options.Url.Length > 0)
        {
            checks.Require(ListenAddress.Is(options.Url, ListenAddress.Https), nameof(options.Url), ListenAddress.Requirement(options.Url, ListenAddress.Https));
            var flaw = PemFiles.ReadServer(options.Certificate, options.Key, out var certificate);
            certificate?.Dispose();
            checks.Require(flaw is null, nameof(options.Certificate), flaw ?? "");
        }

        checks.Require(options.Url.Length > 0 || !options.AsksForCertificates(), nameof(options.Url), "must be set, as client certificates are shown there and nowhere else.");
        foreach (var file in options.ClientAuthorities)
        {
            var flaw = PemFiles.ReadAuthorities(file, out _);
            checks.Require(flaw is null, nameof(options.ClientAuthorities), flaw ?? "");
        }

        foreach (var thumbprint in options.ClientThumbprints)
            checks.Require(thumbprint.Length == 64 && thumbprint.All(char.IsAsciiHexDigit), nameof(options.ClientThumbprints), $"has '{thumbprint}', which is no SHA-256 thumbprint: 64 hexadecimal digits without colons.");
        return checks.Result();
    }
}
