using Hype.Gateway.Auth;
using Hype.Gateway.Cluster;
using Hype.Gateway.Control.Models;
using Hype.Gateway.Errors;
using Hype.Grains.Abstractions.Channels;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Hype.Gateway.Control.Rest;

/// <summary>Manages the identities that are banned from a channel.</summary>
internal static class BansApi
{
    public static void MapBans(this IEndpointRouteBuilder api)
    {
        var channel = api.MapGroup("/channels/{id}").RequireModerator();
        channel.MapGet("/bans", ListAsync);
        channel.MapPut("/bans/{identity}", BanAsync);
        channel.MapDelete("/bans/{identity}", (string id, string identity, GrainAccess grains) =>
            ChannelCalls.ModerateAsync(id, identity, grains, (grain, stop) => grain.LiftBan(identity, stop)));
    }

    private static async Task<Results<Ok<BanDetails[]>, ProblemHttpResult>> ListAsync(string id, GrainAccess grains)
    {
        if (!ChannelId.TryParse(id, out var channel))
            return Problems.InvalidChannel(id);
        var bans = await grains.Ask(grains.Channel(channel).GetBans());
        return TypedResults.Ok(bans.Select(ban => new BanDetails(ban.Identity, ban.Reason, ban.Until)).ToArray());
    }

    private static async Task<Results<Ok<ModerationDetails>, ProblemHttpResult>> BanAsync(
        string id, string identity, BanBody body, GrainAccess grains, TimeProvider time)
    {
        var ban = new Ban(identity, body.Reason, body.Until);
        return BanRules.FlawOf(ban, time.GetUtcNow()) is { } flaw
            ? Problems.For(flaw.Error, flaw.Sentence)
            : await ChannelCalls.ModerateAsync(id, grains, (grain, stop) => grain.SetBan(ban, stop));
    }
}
