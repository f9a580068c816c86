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
            ? Problems.For(flaw.Error, flaw.Sentence)
            : TypedResults.Ok(tokens.Mint(request));
    }

    private static Results<Ok<GuestToken>, ProblemHttpResult> Mint(GuestTokenRequest request, AccessTokens tokens)
    {
        if (!ChannelId.TryParse(request.Channel, out var channel))
            return Problems.InvalidChannel(request.Channel);
        var identity = string.IsNullOrEmpty(request.Identity) ? $"guest-{Guid.NewGuid():N}"[..14] : request.Identity;
        var flaw = string.IsNullOrEmpty(request.Name)
            ? $"The name must have 1-{AccessToken.MaxNameLength} characters."
            : AccessToken.FlawOfName(request.Name);
        if ((flaw ?? AccessToken.FlawOfIdentity(identity)) is { } sentence)
            return Problems.For(VoiceError.InvalidName, sentence);
        return TypedResults.Ok(new GuestToken(tokens.MintGuest(identity, request.Name, channel.Value), identity));
    }
}
