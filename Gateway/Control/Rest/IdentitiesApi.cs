using Hype.Gateway.Auth;
using Hype.Gateway.Cluster;
using Hype.Gateway.Control.Models;
using Hype.Gateway.Errors;
using Hype.Grains.Abstractions.Errors;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace Hype.Gateway.Control.Rest;

/// <summary>Revokes all tokens of an identity, which ends its sessions in all channels.</summary>
internal static class IdentitiesApi
{
    public static void MapIdentities(this IEndpointRouteBuilder api) =>
        api.MapPost("/identities/{identity}/revoke", RevokeAsync).RequireAdministrator();

    private static async Task<Results<Ok<RevocationDetails>, ProblemHttpResult>> RevokeAsync(
        string identity, GrainAccess grains, IOptions<AuthOptions> auth)
    {
        if (AccessToken.FlawOfIdentity(identity) is { } flaw)
            return Problems.For(VoiceError.InvalidName, flaw);
        var result = await grains.Ask(stop => grains.Identity(identity).Revoke(auth.Value.MaxTokenLifetime, stop));
        return result.Error == VoiceError.None ? TypedResults.Ok(RevocationDetails.From(result)) : Problems.For(result.Error);
    }
}
