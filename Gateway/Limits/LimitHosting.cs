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
    private static readonly PathString Health = new("/health");

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
        // The scheme decides whether cookies are secure and HSTS is sent.
        options.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
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
        options.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, (ClientAddress, bool)>(context => IsLimited(context)
            ? limits.Requests(ClientAddress.Of(context), context.Request.Path.StartsWithSegments(Health))
            : RateLimitPartition.GetNoLimiter(default((ClientAddress, bool))));
        options.OnRejected = (rejected, _) => new ValueTask(RefuseAsync(rejected.HttpContext, limits.RefuseRequest(rejected.Lease)));
    }

    /// <summary>
    /// Returns true if the rate limit applies: to every request that reaches the limiter, also for a path that does not exist, because a
    /// token in its header would be verified. Files are cheap and answered before; sockets have their own limits; gRPC without TLS has a
    /// private address.
    /// </summary>
    private static bool IsLimited(HttpContext context)
    {
        var isPrivate = GrpcErrors.IsGrpc(context) && HttpProtocol.IsHttp2(context.Request.Protocol) && !TlsAddress.Is(context);
        return !isPrivate && !context.Request.Path.Equals(SignalingPath.Value, StringComparison.OrdinalIgnoreCase);
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
