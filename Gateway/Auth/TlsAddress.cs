using System.Security.Cryptography.X509Certificates;
using Hype.Gateway.Configuration;
using Hype.Gateway.Errors;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Hype.Gateway.Auth;

/// <summary>
/// Serves the address with TLS, for clients and administrators. Unlike <see cref="GatewayOptions.GrpcUrl"/> it is public, so it does not
/// serve the services for media nodes.
/// </summary>
internal static class TlsAddress
{
    private static readonly string[] GrpcServices = ["/hype.control.", "/grpc."];

    /// <summary>Configures TLS on the listening endpoint, and marks its connections.</summary>
    /// <param name="endpoint">The endpoint of the address.</param>
    /// <param name="tls">The options.</param>
    /// <param name="certificate">The server's certificate.</param>
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
        if (!Is(context) || !GrpcErrors.IsGrpc(context) || IsPublicService(context.Request.Path.Value!))
            return next(context);
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    });

    /// <summary>Returns true if the request arrived at the address with TLS.</summary>
    public static bool Is(HttpContext context) => context.Features.Get<Mark>() is not null;

    private static bool IsPublicService(string path) =>
        GrpcServices.Any(service => path.StartsWith(service, StringComparison.Ordinal));

    private static HttpsConnectionAdapterOptions Https(TlsOptions tls, X509Certificate2 certificate)
    {
        var https = new HttpsConnectionAdapterOptions { ServerCertificate = certificate, ServerCertificateChain = [] };
        https.ServerCertificateChain.ImportFromPemFile(tls.Certificate);
        if (!tls.AsksForCertificates())
            return https;
        // Guests have no certificate. A bad one is refused in the answer to the request, with a reason; the handshake succeeds.
        https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
        https.AllowAnyClientCertificate();
        // A foreign certificate may give an address of this network for its issuer: nothing is downloaded.
        https.OnAuthenticate = (_, ssl) => ssl.CertificateChainPolicy = new X509ChainPolicy
        {
            DisableCertificateDownloads = true,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        return https;
    }

    private sealed class Mark
    {
        public static readonly Mark Instance = new();
    }
}
