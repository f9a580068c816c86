using System.Security.Authentication;
using Hype.Hosting.Certificates;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Connections.Security;

namespace Hype.Clustering.Tls;

/// <summary>
/// Adds mutual TLS to the connections between silos and from gateways to silos, if <see cref="ClusterTlsOptions"/> configure it. Both
/// sides present a certificate of the cluster's authority before the first byte of Orleans' protocol.
/// </summary>
public static partial class ClusterTls
{
    /// <summary>TLS requires a name, although certificates need none (<see cref="ClusterCertificates"/>).</summary>
    private const string AnyName = "hype-cluster";

    /// <summary>Configures a silo: its connections to other silos, and both of its ports.</summary>
    public static void UseForSilo(IServiceCollection services)
    {
        AddMetrics(services);
        services.AddOptions<SiloConnectionOptions>().Configure<IOptions<ClusterTlsOptions>, ClusterTlsMetrics, ILoggerFactory>(
            (connections, options, metrics, log) =>
            {
                if (!options.Value.IsOn())
                    return;
                var (accept, open) = Read(options.Value, metrics, log);
                connections.ConfigureSiloInboundConnection(connection => connection.UseServerTls(accept));
                connections.ConfigureGatewayInboundConnection(connection => connection.UseServerTls(accept));
                connections.ConfigureSiloOutboundConnection(connection => connection.UseClientTls(open));
            });
    }

    /// <summary>Configures a client of the cluster, such as a gateway: its connections to silos.</summary>
    public static void UseForClient(IServiceCollection services)
    {
        AddMetrics(services);
        services.AddOptions<ClientConnectionOptions>().Configure<IOptions<ClusterTlsOptions>, ClusterTlsMetrics, ILoggerFactory>(
            (client, options, metrics, log) =>
            {
                if (!options.Value.IsOn())
                    return;
                var (_, open) = Read(options.Value, metrics, log);
                client.ConfigureConnection(connection => connection.UseClientTls(open));
            });
    }

    private static void AddMetrics(IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ClusterTlsMetrics>();
    }

    /// <summary>Returns the settings of the side that accepts a connection, and of the side that opens it.</summary>
    private static (TlsOptions Accept, TlsOptions Open) Read(ClusterTlsOptions options, ClusterTlsMetrics metrics, ILoggerFactory loggers)
    {
        // The validator has read the same files; an error here means that they changed since.
        var flaw = PemFiles.ReadServer(options.Certificate, options.Key, out var own);
        flaw = PemFiles.ReadAuthorities(options.Authority, out var authorities) ?? flaw;
        if (own is null || flaw is not null)
            throw new OptionsValidationException(ClusterTlsOptions.Section, typeof(ClusterTlsOptions), [flaw ?? ""]);
        metrics.Export(own);
        var cluster = new ClusterCertificates(authorities);
        var logger = loggers.CreateLogger(typeof(ClusterTls).FullName!);
        var open = For(ClusterCertificates.ServerAuthentication);
        open.OnAuthenticateAsClient = (_, authentication) => authentication.TargetHost = AnyName;
        return (For(ClusterCertificates.ClientAuthentication), open);

        TlsOptions For(string peerRole) => new()
        {
            LocalCertificate = own,
            RemoteCertificateMode = RemoteCertificateMode.RequireCertificate,
            ClientCertificateMode = RemoteCertificateMode.RequireCertificate,
            SslProtocols = SslProtocols.Tls13,
            RemoteCertificateValidation = (certificate, _, _) =>
            {
                var refusal = cluster.FlawOf(certificate, peerRole);
                if (refusal is not null)
                    LogRefused(logger, certificate.Subject, refusal);
                return refusal is null;
            },
        };
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A connection within the cluster was refused: certificate {Subject} has {Flaws}")]
    private static partial void LogRefused(ILogger logger, string subject, string flaws);
}
