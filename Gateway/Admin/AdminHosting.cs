using Hype.Gateway.Auth;
using Hype.Gateway.Control.Models;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Hype.Gateway.Admin;

/// <summary>What stands beside the admin page, whose files are in <c>wwwroot/admin</c>.</summary>
internal static class AdminHosting
{
    private const string Administrator = "administrator";

    /// <param name="app">Pages.</param>
    /// <param name="api">The REST.</param>
    public static void MapAdmin(this WebApplication app, IEndpointRouteBuilder api)
    {
        app.MapAdminSession();
        app.MapDashboard();
        if (app.Environment.IsDevelopment())
            api.MapPost("/tokens/admin", Mint);
    }

    /// <summary>For the admin page, in Development only. Every grant for every channel, as everyone may read the key that signs it.</summary>
    private static Ok<GuestToken> Mint(AccessTokens tokens) =>
        TypedResults.Ok(new GuestToken(tokens.MintGuest(Administrator, "Administrator", "*"), Administrator));
}
