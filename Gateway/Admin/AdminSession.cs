using System.Net;
using Hype.Gateway.Auth;
using Hype.Gateway.Errors;
using Hype.Grains.Abstractions.Errors;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;

namespace Hype.Gateway.Admin;

/// <summary>
/// Authenticates an administrator's browser at the Orleans dashboard: a browser that navigates there sends no bearer token. The admin
/// page therefore stores its token, sealed, in a cookie that is sent only to the dashboard's path, and that no script can read and no
/// other site can send. The dashboard verifies the token in it at each request like a bearer token; all other routes ignore it.
/// </summary>
internal static class AdminSession
{
    private const string Path = "/admin/session";
    private const string Cookie = "hype-admin";

    /// <summary>
    /// Copies the cookie's token into the authorization header. It must run before authentication, which then verifies the token like any
    /// other.
    /// </summary>
    public static void UseAdminSession(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        var request = context.Request;
        var hasNoToken = request.Headers.Authorization.Count == 0;
        if (request.Path.StartsWithSegments(OrleansDashboard.Path) && hasNoToken && request.Cookies[Cookie] is { } cookie)
            Authorize(context, cookie, context.RequestServices.GetRequiredService<DashboardCookie>());
        return next(context);
    });

    public static void MapAdminSession(this IEndpointRouteBuilder app)
    {
        app.MapPost(Path, OpenAsync).RequireAdministrator();
        app.MapDelete(Path, Close).RequireAdministrator();
    }

    private static void Authorize(HttpContext context, string cookie, DashboardCookie cookies)
    {
        if (cookies.Open(cookie) is not var (token, isOld))
            return;
        context.Request.Headers.Authorization = $"Bearer {token}";
        if (isOld)
            context.Response.Cookies.Append(Cookie, cookies.Seal(token), Options(context));
    }

    private static async Task OpenAsync(HttpContext context, DashboardCookie cookies)
    {
        // The policy has verified the token. An administrator with a certificate has no token, and needs no cookie.
        if (await context.GetTokenAsync(JwtBearerDefaults.AuthenticationScheme, "access_token") is not { } token)
        {
            await Problems.For(VoiceError.Unauthorized).ExecuteAsync(context);
            return;
        }

        context.Response.Cookies.Append(Cookie, cookies.Seal(token), Options(context));
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private static Task Close(HttpContext context)
    {
        context.Response.Cookies.Delete(Cookie, Options(context));
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private static CookieOptions Options(HttpContext context) => new()
    {
        Path = context.Request.PathBase.Add(OrleansDashboard.Path),
        HttpOnly = true,
        SameSite = SameSiteMode.Strict,
        Secure = context.Request.IsHttps || !IsLocal(context),
    };

    /// <summary>
    /// Returns true for a browser on this machine, and in Development: only there a page with a microphone may be without TLS. Elsewhere
    /// plain HTTP means a proxy that is not in <c>Hype:Gateway:TrustedProxies</c>.
    /// </summary>
    private static bool IsLocal(HttpContext context)
    {
        var host = context.Request.Host.Host;
        return context.RequestServices.GetRequiredService<IHostEnvironment>().IsDevelopment()
            || host == "localhost"
            || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
    }
}
