using Hype.Gateway.Auth;
using Hype.Gateway.Hosting;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Hype.Gateway.Control;

/// <summary>Who may not come into a channel.</summary>
internal static class BansApi
{
    public const int MaxReasonLength = 256;

    public static void MapBans(this IEndpointRouteBuilder api)
    {
        var channel = api.MapGroup("/channels/{id}").RequireModerator();
        channel.MapGet("/bans", ListAsync);
        channel.MapPut("/bans/{identity}", BanAsync);
        channel.MapDelete("/bans/{identity}", (string id, string identity, GrainAccess grains) => ChannelCalls.DoAsync(id, grains, (grain, stop) => grain.LiftBan(identity, stop)));
    }

    /// <summary>Why it cannot be shown, stored or meant; null: it can.</summary>
    public static string? FlawOf(Ban ban, DateTimeOffset now) =>
        !AccessToken.IsText(ban.Identity, AccessToken.MaxIdentityLength) || ban.Reason.Length > MaxReasonLength
            ? $"An identity has 1-{AccessToken.MaxIdentityLength} characters, a reason at most {MaxReasonLength}."
            // It would lift the one that is there.
            : ban.Until <= now ? "The end of a ban lies ahead. To lift one, delete it." : null;

    private static async Task<Results<Ok<BanDetails[]>, ProblemHttpResult>> ListAsync(string id, GrainAccess grains)
    {
        if (!ChannelId.TryParse(id, out var channel))
            return Problems.For(VoiceError.InvalidChannel);
        var bans = await grains.Ask(grains.Channel(channel).GetBans());
        return TypedResults.Ok(bans.Select(ban => new BanDetails(ban.Identity, ban.Reason, ban.Until)).ToArray());
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> BanAsync(string id, string identity, BanBody body, GrainAccess grains, TimeProvider time)
    {
        var ban = new Ban(identity, body.Reason, body.Until);
        return FlawOf(ban, time.GetUtcNow()) is { } flaw
            ? Problems.For(VoiceError.BadMessage, flaw)
            : await ChannelCalls.DoAsync(id, grains, (grain, stop) => grain.SetBan(ban, stop));
    }
}
