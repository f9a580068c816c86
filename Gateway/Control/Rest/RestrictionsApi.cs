using Hype.Gateway.Auth;
using Hype.Gateway.Cluster;
using Hype.Gateway.Control.Models;
using Hype.Gateway.Errors;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Hype.Gateway.Control.Rest;

/// <summary>Lists and lifts the restrictions of a channel: the mutes and denied grants of identities, which may be absent.</summary>
internal static class RestrictionsApi
{
    public static void MapRestrictions(this IEndpointRouteBuilder api)
    {
        var channel = api.MapGroup("/channels/{id}").RequireModerator();
        channel.MapGet("/restrictions", ListAsync);
        channel.MapDelete("/restrictions/{identity}", (string id, string identity, GrainAccess grains) =>
            ChannelCalls.ModerateAsync(id, identity, grains, (grain, stop) => grain.LiftRestriction(identity, stop)));
    }

    private static async Task<Results<Ok<RestrictionDetails[]>, ProblemHttpResult>> ListAsync(string id, GrainAccess grains)
    {
        if (!ChannelId.TryParse(id, out var channel))
            return Problems.InvalidChannel(id);
        var restrictions = await grains.Ask(grains.Channel(channel).GetRestrictions());
        return TypedResults.Ok(restrictions.Select(RestrictionDetails.From).ToArray());
    }
}
