using Hype.Gateway.Errors;
using Hype.Grains.Abstractions.Errors;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Hype.Gateway.Control.Rest;

/// <summary>
/// Replaces the route values of REST requests by the exact text that the client escaped. The server decodes every escape of a path except
/// <c>%2F</c>, so that <c>a%2Fb</c> and <c>a%252Fb</c> would bind the same value, and neither would bind <c>a/b</c>. It also removes
/// <c>.</c> and <c>..</c>: the rest of the path would then name something else than the client meant, so such a request is refused.
/// </summary>
internal static class ExactRouteValues
{
    private const string Api = "/api/voice/";

    /// <summary>Adds the stage. It must run after routing, and before authorization, which reads the channel from the route.</summary>
    public static void UseExactRouteValues(this IApplicationBuilder app) =>
        app.Use((context, next) => TryRestore(context)
            ? next(context)
            : Problems.For(VoiceError.BadMessage, "The path has an empty, '.' or '..' segment: escape each name.").ExecuteAsync(context));

    private static bool TryRestore(HttpContext context)
    {
        if (context.GetEndpoint() is not RouteEndpoint { RoutePattern: { Parameters.Count: > 0, RawText: { } route } pattern }
            || !route.StartsWith(Api, StringComparison.Ordinal))
            return true;
        var segments = SegmentsOf(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget);
        if (segments.Length != pattern.PathSegments.Count)
            return false;
        for (var i = 0; i < segments.Length; i++)
        {
            if (pattern.PathSegments[i] is { IsSimple: true, Parts: [RoutePatternParameterPart parameter] })
                context.Request.RouteValues[parameter.Name] = Uri.UnescapeDataString(segments[i]);
        }

        return true;
    }

    /// <summary>Returns the path's segments in a request target, of the origin form or the absolute form (RFC 9112 §3.2).</summary>
    private static string[] SegmentsOf(string target)
    {
        var path = target.AsSpan();
        if (path[0] != '/')
        {
            var authority = path[(path.IndexOf("://") + 3)..];
            path = authority[Math.Max(0, authority.IndexOf('/'))..];
        }

        if (path.IndexOf('?') is >= 0 and var query)
            path = path[..query];
        return path.Trim('/').ToString().Split('/');
    }
}
