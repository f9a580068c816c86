using Hype.Gateway.Auth;
using Hype.Gateway.Control.Models;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Hype.Gateway.Admin;

/// <summary>Maps the routes that the admin page calls; the page's files are in <c>wwwroot/admin</c>.</summary>
internal static class AdminHosting
{
    private const string Administrator = "administrator";

    public static void AddAdmin(this IServiceCollection services) => services.AddSingleton<DashboardCookie>();

    /// <summary>
    /// Maps the Orleans dashboard and the route that starts an administrator's dashboard session, and in Development also the route that
    /// mints a token for the admin page.
    /// </summary>
    /// <param name="app">The routes of pages.</param>
    /// <param name="api">The routes of REST.</param>
    public static void MapAdmin(this WebApplication app, IEndpointRouteBuilder api)
    {
        app.MapAdminSession();
        app.MapDashboard();
        if (app.Environment.IsDevelopment())
            api.MapPost("/tokens/admin", Mint);
    }

    /// <summary>Mints an administrator's token in Development, where the signing key is public anyway.</summary>
    private static Ok<GuestToken> Mint(AccessTokens tokens) =>
        TypedResults.Ok(new GuestToken(tokens.MintGuest(Administrator, "Administrator", "*"), Administrator));
}
