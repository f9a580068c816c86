using Hype.Gateway.Auth;
using Hype.Gateway.Errors;
using Hype.Grains.Abstractions.Errors;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;

namespace Hype.Gateway.Admin;

/// <summary>
/// An administrator's browser on its way into the Orleans dashboard, which is pages: a navigation shows no bearer token. So the admin
/// page has its token put into a cookie that goes to the dashboard's path alone, that no script reads and no other site sends. It is
/// checked there as a bearer token is, at each request, and believed nowhere else.
/// </summary>
internal static class AdminSession
{
    private const string Path = "/admin/session";
    private const string Cookie = "hype-admin";

    /// <summary>Before authentication: from there on it is a bearer token as any other.</summary>
    public static void UseAdminSession(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        var request = context.Request;
        if (request.Path.StartsWithSegments(OrleansDashboard.Path) && request.Headers.Authorization.Count == 0 && request.Cookies[Cookie] is { } token)
            request.Headers.Authorization = $"Bearer {token}";
        return next(context);
    });

    public static void MapAdminSession(this IEndpointRouteBuilder app)
    {
        app.MapPost(Path, OpenAsync).RequireAdministrator();
        app.MapDelete(Path, Close).RequireAdministrator();
    }

    private static async Task OpenAsync(HttpContext context)
    {
        // Verified, or the policy had refused it; who came by a certificate has none to put there, and needs no cookie.
        if (await context.GetTokenAsync(JwtBearerDefaults.AuthenticationScheme, "access_token") is not { } token)
        {
            await Problems.For(VoiceError.Unauthorized).ExecuteAsync(context);
            return;
        }

        context.Response.Cookies.Append(Cookie, token, Options(context));
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
        Secure = context.Request.IsHttps,
    };
}
