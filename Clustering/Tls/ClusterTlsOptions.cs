namespace Hype.Clustering.Tls;

/// <summary>
/// Mutual TLS at the silos' ports, between silos and from gateways to silos; bound from <c>Hype:ClusterTls</c>. Off by default: set all
/// keys or none, the same way for all silos and gateways of a cluster. Not used in the embedded mode.
/// </summary>
public sealed record ClusterTlsOptions
{
    public const string Section = "Hype:ClusterTls";

    /// <summary>
    /// File with this process's certificate as PEM, issued by <see cref="Authority"/> for server and client authentication. Its names have
    /// no meaning. Default: none, and the silos' ports neither encrypt nor authenticate.
    /// </summary>
    public string Certificate { get; init; } = "";

    /// <summary>File with the certificate's private key as PEM, not encrypted. Default: none.</summary>
    public string Key { get; init; } = "";

    /// <summary>
    /// File with the certificates of the cluster's own authorities as PEM. A process with a certificate of one of them may do everything
    /// in the cluster, so these authorities must serve no other purpose. Default: none.
    /// </summary>
    public string Authority { get; init; } = "";

    internal bool IsOn() => Certificate.Length > 0 || Key.Length > 0 || Authority.Length > 0;
}
