using Hype.Gateway.Auth;
using Hype.Gateway.Control.Models;
using Hype.Gateway.Errors;
using Hype.Grains.Abstractions.Errors;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Hype.Gateway.Control.Rest;

/// <summary>
/// Mints tokens for administrators. In Development it also mints guest tokens, so that the panel works without an application.
/// </summary>
internal static class TokensApi
{
    /// <summary>Maps the route that mints tokens for applications that do not sign tokens themselves.</summary>
    public static void MapTokens(this IEndpointRouteBuilder api) => api.MapPost("/tokens", MintAny).RequireAdministrator();

    public static void MapGuestTokens(this IEndpointRouteBuilder api) => api.MapPost("/tokens/guest", Mint);

    private static Results<Ok<MintedToken>, ProblemHttpResult> MintAny(TokenBody body, AccessTokens tokens)
    {
        if (!tokens.CanMint)
            return Problems.For(VoiceError.Unsupported);
        var request = new TokenRequest(body.Identity, body.Name, body.Channels, body.Grants, TimeSpan.FromSeconds(body.Lifetime));
        return request.FindFlaw(tokens.LongestLifetime) is { } flaw
            ? Problems.For(VoiceError.BadMessage, flaw)
            : TypedResults.Ok(tokens.Mint(request));
    }

    private static Results<Ok<GuestToken>, ProblemHttpResult> Mint(GuestTokenRequest request, AccessTokens tokens)
    {
        if (!ChannelId.TryParse(request.Channel, out var channel))
            return Problems.For(VoiceError.InvalidChannel);
        if (!AccessToken.IsText(request.Name, AccessToken.MaxNameLength))
            return Problems.For(VoiceError.BadMessage, $"A name has 1-{AccessToken.MaxNameLength} printable characters.");
        var identity = string.IsNullOrEmpty(request.Identity) ? $"guest-{Guid.NewGuid():N}"[..14] : request.Identity;
        if (!AccessToken.IsText(identity, AccessToken.MaxIdentityLength))
            return Problems.For(VoiceError.BadMessage, $"An identity has 1-{AccessToken.MaxIdentityLength} printable characters.");
        return TypedResults.Ok(new GuestToken(tokens.MintGuest(identity, request.Name, channel.Value), identity));
    }
}
