using Hype.Hosting.Certificates;
using Hype.Hosting.Options;
using Hype.Hosting.Starting;
using Microsoft.Extensions.Options;

namespace Hype.Gateway.Auth;

/// <summary>
/// An address with TLS, at which administrators may present a certificate instead of a token; bound from <c>Hype:Tls</c>. Off by
/// default.
/// </summary>
public sealed record TlsOptions
{
    public const string Section = "Hype:Tls";

    /// <summary>
    /// The address at which REST, sockets, pages and gRPC are served with TLS, HTTP/1.1 and HTTP/2 (<c>https://*:8443</c>). Default: none.
    /// </summary>
    public string Url { get; init; } = "";

    /// <summary>
    /// The file with this address's certificate as PEM, followed by the certificates of the authorities between it and a root.
    /// </summary>
    public string Certificate { get; init; } = "";

    /// <summary>The file with the certificate's private key as PEM, not encrypted.</summary>
    public string Key { get; init; } = "";

    /// <summary>
    /// Files with certificates of authorities as PEM. A client with a certificate of one of them administers this deployment, so the
    /// authority must serve no other purpose. Default: none.
    /// </summary>
    public string[] ClientAuthorities { get; init; } = [];

    /// <summary>
    /// SHA-256 thumbprints (64 hexadecimal digits) of the only accepted client certificates: certificates of
    /// <see cref="ClientAuthorities"/> if there are any, else self-signed ones. Default: none, which accepts all of the authorities'.
    /// </summary>
    public string[] ClientThumbprints { get; init; } = [];

    /// <summary>Returns true if the configuration lets clients present a certificate.</summary>
    internal bool AsksForCertificates() => ClientAuthorities.Length > 0 || ClientThumbprints.Length > 0;
}

internal sealed class TlsOptionsValidator : IValidateOptions<TlsOptions>
{
    public ValidateOptionsResult Validate(string? name, TlsOptions options)
    {
        var checks = new OptionChecks(TlsOptions.Section);
        if (options.Url.Length > 0)
        {
            var isAddress = ListenAddress.Is(options.Url, ListenAddress.Https);
            checks.Require(isAddress, nameof(options.Url), ListenAddress.Requirement(options.Url, ListenAddress.Https));
            var flaw = PemFiles.ReadServer(options.Certificate, options.Key, out var certificate);
            certificate?.Dispose();
            checks.Require(flaw is null, nameof(options.Certificate), flaw ?? "");
        }

        checks.Require(
            options.Url.Length > 0 || !options.AsksForCertificates(), nameof(options.Url),
            "must be set, because client certificates are presented only there.");
        foreach (var file in options.ClientAuthorities)
        {
            var flaw = PemFiles.ReadAuthorities(file, out _);
            checks.Require(flaw is null, nameof(options.ClientAuthorities), flaw ?? "");
        }

        foreach (var thumbprint in options.ClientThumbprints)
        {
            checks.Require(
                thumbprint.Length == 64 && thumbprint.All(char.IsAsciiHexDigit), nameof(options.ClientThumbprints),
                $"has '{thumbprint}', which is not a SHA-256 thumbprint: 64 hexadecimal digits without colons.");
        }

        return checks.Result();
    }
}
