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

/// <summary>The limits in the pipeline: whose address a request has, how large its body may be, and how many of them there may be.</summary>
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
        // Read without validation, as the addresses to listen on: a wrong value is named before anything listens.
        services.AddOptions<KestrelServerOptions>().Configure<IConfiguration>((kestrel, configuration) =>
        {
            var text = configuration[$"{LimitOptions.Section}:{nameof(LimitOptions.MaxBodyBytes)}"];
            kestrel.Limits.MaxRequestBodySize = int.TryParse(text, CultureInfo.InvariantCulture, out var bytes) && bytes > 0 ? bytes : new LimitOptions().MaxBodyBytes;
        });
    }

    /// <summary>First of all: whoever asks for the client's address after this gets it, and not the proxy's.</summary>
    public static void UseClientAddresses(this WebApplication app)
    {
        if (app.Services.GetRequiredService<IConfiguration>().GetSection($"{GatewayOptions.Section}:{nameof(GatewayOptions.TrustedProxies)}").GetChildren().Any())
            app.UseForwardedHeaders();
    }

    private static void Trust(ForwardedHeadersOptions options, IOptions<GatewayOptions> gateway)
    {
        options.ForwardedHeaders = ForwardedHeaders.XForwardedFor;
        // As many proxies as there are in a row, as long as each of them is named.
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
        // Files are cheap, health checks must not fail because somebody else asks too much, and sockets have limits of their own.
        options.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, ClientAddress>(context =>
            context.Request.Path.StartsWithSegments(Api, StringComparison.OrdinalIgnoreCase) && !context.Request.Path.Equals(SignalingPath.Value, StringComparison.OrdinalIgnoreCase)
            // gRPC has a private address; at the other it is a request like others.
            || TlsAddress.Is(context) && GrpcErrors.IsGrpc(context)
                ? limits.Requests(ClientAddress.Of(context))
                : RateLimitPartition.GetNoLimiter(default(ClientAddress)));
        options.OnRejected = (rejected, _) => new ValueTask(RefuseAsync(rejected.HttpContext, limits.RefuseRequest(rejected.Lease)));
    }

    /// <summary>Answers 429 with <c>Retry-After</c> (RFC 9110 §10.2.3), in whole seconds, and the problem with <c>retryAfterMs</c>.</summary>
    public static Task RefuseAsync(HttpContext context, TimeSpan retryAfter)
    {
        context.Response.Headers.RetryAfter = Math.Ceiling(retryAfter.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        var problem = Problems.For(VoiceError.TooManyRequests);
        problem.ProblemDetails.Extensions["retryAfterMs"] = (long)retryAfter.TotalMilliseconds;
        return problem.ExecuteAsync(context);
    }
}
