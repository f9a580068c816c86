using Hype.Gateway.Auth;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Hype.Gateway.Control;

/// <summary>Guest tokens, so that the panel works at once. In Development only: elsewhere an application mints its users' tokens.</summary>
internal static class TokensApi
{
    public static void MapGuestTokens(this IEndpointRouteBuilder api) => api.MapPost("/tokens/guest", Mint);

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
