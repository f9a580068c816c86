using Hype.Gateway.Auth;
using Hype.Gateway.Hosting;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Hype.Gateway.Control;

/// <summary>What a moderator does to people in a channel.</summary>
internal static class ModerationApi
{
    private const int MaxReasonLength = 256;

    public static void MapModeration(this IEndpointRouteBuilder api)
    {
        var channel = api.MapGroup("/channels/{id}").RequireModerator();
        channel.MapPost("/participants/{number}/mute", (string id, uint number, GrainAccess grains) => DoAsync(id, grains, (grain, _) => grain.SetServerMute(number, true)));
        channel.MapPost("/participants/{number}/unmute", (string id, uint number, GrainAccess grains) => DoAsync(id, grains, (grain, _) => grain.SetServerMute(number, false)));
        channel.MapPost("/participants/{number}/kick", (string id, uint number, GrainAccess grains) => DoAsync(id, grains, (grain, _) => grain.Kick(number)));
        channel.MapGet("/bans", ListBansAsync);
        channel.MapPut("/bans/{identity}", BanAsync);
        channel.MapDelete("/bans/{identity}", (string id, string identity, GrainAccess grains) => DoAsync(id, grains, (grain, stop) => grain.LiftBan(identity, stop)));
    }

    private static async Task<Results<Ok<BanDetails[]>, ProblemHttpResult>> ListBansAsync(string id, GrainAccess grains)
    {
        if (!ChannelId.TryParse(id, out var channel))
            return Problems.For(VoiceError.InvalidChannel);
        var bans = await grains.Ask(grains.Channel(channel).GetBans());
        return TypedResults.Ok(bans.Select(ban => new BanDetails(ban.Identity, ban.Reason, ban.Until)).ToArray());
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> BanAsync(string id, string identity, BanBody ban, GrainAccess grains)
    {
        if (!AccessToken.IsText(identity, AccessToken.MaxIdentityLength) || ban.Reason.Length > MaxReasonLength)
            return Problems.For(VoiceError.BadMessage, $"An identity has 1-{AccessToken.MaxIdentityLength} characters, a reason at most {MaxReasonLength}.");
        return await DoAsync(id, grains, (grain, stop) => grain.SetBan(new Ban(identity, ban.Reason, ban.Until), stop));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> DoAsync(string id, GrainAccess grains, Func<IChannelGrain, CancellationToken, Task<VoiceError>> ask)
    {
        if (!ChannelId.TryParse(id, out var channel))
            return Problems.For(VoiceError.InvalidChannel);
        var error = await grains.Ask(stop => ask(grains.Channel(channel), stop));
        return error == VoiceError.None ? TypedResults.NoContent() : Problems.For(error);
    }
}
