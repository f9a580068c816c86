using System.Security.Cryptography.X509Certificates;
using Hype.Gateway.Configuration;
using Hype.Gateway.Errors;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Hype.Gateway.Auth;

/// <summary>
/// The address with TLS, for clients and administrators. Unlike <see cref="GatewayOptions.GrpcUrl"/> it is open to strangers: the services
/// for media nodes are not there.
/// </summary>
internal static class TlsAddress
{
    private static readonly string[] GrpcServices = ["/hype.control.", "/grpc."];

    /// <param name="endpoint">Where it listens.</param>
    /// <param name="tls">As they are.</param>
    /// <param name="certificate">The server's.</param>
    public static void Serve(ListenOptions endpoint, TlsOptions tls, X509Certificate2 certificate)
    {
        endpoint.Use(next => connection =>
        {
            connection.Features.Set(Mark.Instance);
            return next(connection);
        });
        endpoint.UseHttps(Https(tls, certificate));
    }

    public static void UseTlsAddress(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        if (!Is(context) || !GrpcErrors.IsGrpc(context) || GrpcServices.Any(service => context.Request.Path.Value!.StartsWith(service, StringComparison.Ordinal)))
            return next(context);

        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    });

    /// <summary>The request came there.</summary>
    public static bool Is(HttpContext context) => context.Features.Get<Mark>() is not null;

    private static HttpsConnectionAdapterOptions Https(TlsOptions tls, X509Certificate2 certificate)
    {
        var https = new HttpsConnectionAdapterOptions { ServerCertificate = certificate, ServerCertificateChain = [] };
        https.ServerCertificateChain.ImportFromPemFile(tls.Certificate);
        if (!tls.AsksForCertificates())
            return https;

        // Guests have none. A bad one is refused by its request, with a reason, and not by a handshake that breaks.
        https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
        https.AllowAnyClientCertificate();
        // A stranger's certificate may name an address of this network as that of its issuer: nothing is fetched for it.
        https.OnAuthenticate = (_, ssl) => ssl.CertificateChainPolicy = new X509ChainPolicy { DisableCertificateDownloads = true, RevocationMode = X509RevocationMode.NoCheck };
        return https;
    }

    private sealed class Mark
    {
        public static readonly Mark Instance = new();
    }
}
