using System.Security.Cryptography.X509Certificates;
using Hype.Hosting.Certificates;
using Hype.Hosting.Options;
using Microsoft.Extensions.Options;

namespace Hype.Clustering.Tls;

/// <summary>
/// Reads the files of <see cref="ClusterTlsOptions"/> at start-up: a process without a valid certificate must not start.
/// </summary>
internal sealed class ClusterTlsOptionsValidator : IValidateOptions<ClusterTlsOptions>
{
    public ValidateOptionsResult Validate(string? name, ClusterTlsOptions options)
    {
        if (!options.IsOn())
            return ValidateOptionsResult.Success;
        var ownFlaw = PemFiles.ReadServer(options.Certificate, options.Key, out var own);
        var authorityFlaw = PemFiles.ReadAuthorities(options.Authority, out var authorities);
        using (own)
        {
            return new OptionChecks(ClusterTlsOptions.Section)
                .Require(ownFlaw is null, nameof(options.Certificate), ownFlaw ?? "")
                .Require(authorityFlaw is null, nameof(options.Authority), authorityFlaw ?? "")
                .Require(own is null || authorityFlaw is not null || BelongsToCluster(own, authorities), nameof(options.Certificate),
                    $"'{options.Certificate}' is not a valid certificate of an authority in '{options.Authority}' for server and client "
                    + "authentication, or has expired.")
                .Result();
        }
    }

    private static bool BelongsToCluster(X509Certificate2 own, X509Certificate2Collection authorities)
    {
        var cluster = new ClusterCertificates(authorities);
        return cluster.FlawOf(own, ClusterCertificates.ServerAuthentication) is null
            && cluster.FlawOf(own, ClusterCertificates.ClientAuthentication) is null;
    }
}
