using System.Globalization;
using System.Threading.RateLimiting;
using Hype.Gateway.Auth;
using Hype.Gateway.Configuration;
using Hype.Gateway.Errors;
using Hype.Gateway.Signaling;
using Hype.Grains.Abstractions.Errors;
using Hype.Hosting.Options;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace Hype.Gateway.Limits;

/// <summary>
/// Adds pipeline stages that limit the size of bodies and the rate of requests, and a stage that determines the client address to which a
/// rate applies.
/// </summary>
internal static class LimitHosting
{
    private const string Api = "/api";

    public static void AddLimits(this IServiceCollection services)
    {
        services.AddHypeOptions<LimitOptions, LimitOptionsValidator>(LimitOptions.Section);
        services.AddSingleton<LimitMetrics>();
        services.AddSingleton<ClientLimits>();
        services.AddRateLimiter(_ => { });
        services.AddOptions<RateLimiterOptions>().Configure<ClientLimits>(Limit);
        services.AddOptions<ForwardedHeadersOptions>().Configure<IOptions<GatewayOptions>>(Trust);
        // The value is read without validation, like the listening addresses: the validator reports a wrong one before anything listens.
        services.AddOptions<KestrelServerOptions>().Configure<IConfiguration>((kestrel, configuration) =>
        {
            var text = configuration[$"{LimitOptions.Section}:{nameof(LimitOptions.MaxBodyBytes)}"];
            var isSet = int.TryParse(text, CultureInfo.InvariantCulture, out var bytes) && bytes > 0;
            kestrel.Limits.MaxRequestBodySize = isSet ? bytes : new LimitOptions().MaxBodyBytes;
        });
    }

    /// <summary>
    /// Replaces a proxy's address with the address of its client. It must run first, so that all later stages see the client's address.
    /// </summary>
    public static void UseClientAddresses(this WebApplication app)
    {
        var proxies = app.Services
            .GetRequiredService<IConfiguration>()
            .GetSection($"{GatewayOptions.Section}:{nameof(GatewayOptions.TrustedProxies)}");
        if (proxies.GetChildren().Any())
            app.UseForwardedHeaders();
    }

    private static void Trust(ForwardedHeadersOptions options, IOptions<GatewayOptions> gateway)
    {
        options.ForwardedHeaders = ForwardedHeaders.XForwardedFor;
        // A chain of proxies may have any length if each of them is configured.
        options.ForwardLimit = null;
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var proxy in gateway.Value.TrustedProxies)
        {
            if (ProxyNetwork.TryParse(proxy, out var network))
                options.KnownIPNetworks.Add(network);
        }
    }

    private static void Limit(RateLimiterOptions options, ClientLimits limits)
    {
        options.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, ClientAddress>(context => IsLimited(context)
            ? limits.Requests(ClientAddress.Of(context))
            : RateLimitPartition.GetNoLimiter(default(ClientAddress)));
        options.OnRejected = (rejected, _) => new ValueTask(RefuseAsync(rejected.HttpContext, limits.RefuseRequest(rejected.Lease)));
    }

    /// <summary>
    /// Returns true if the rate limit applies: to REST, and to gRPC at the public address with TLS; the other gRPC address is private.
    /// Files are cheap, health checks must not fail because of another client's requests, and sockets have their own limits.
    /// </summary>
    private static bool IsLimited(HttpContext context)
    {
        var path = context.Request.Path;
        return TlsAddress.Is(context) && GrpcErrors.IsGrpc(context)
            || path.StartsWithSegments(Api, StringComparison.OrdinalIgnoreCase)
                && !path.Equals(SignalingPath.Value, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>
    /// Answers status 429 with <c>Retry-After</c> (RFC 9110 §10.2.3) in whole seconds, and problem details with <c>retryAfterMs</c>.
    /// </summary>
    public static Task RefuseAsync(HttpContext context, TimeSpan retryAfter)
    {
        context.Response.Headers.RetryAfter = Math.Ceiling(retryAfter.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        var problem = Problems.For(VoiceError.TooManyRequests);
        problem.ProblemDetails.Extensions["retryAfterMs"] = (long)retryAfter.TotalMilliseconds;
        return problem.ExecuteAsync(context);
    }
}
