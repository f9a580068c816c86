using Hype.Gateway.Auth;
using Hype.Gateway.Hosting;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Abstractions.Participants;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Hype.Gateway.Control;

/// <summary>Live channels: who is in them, how they are carried, and how they are set.</summary>
internal static class ChannelsApi
{
    public static void MapChannels(this IEndpointRouteBuilder api)
    {
        api.MapGet("/channels", ListAsync).RequireModeratorToRead();
        api.MapGet("/channels/{id}", GetAsync).RequireModeratorToRead();
        api.MapPut("/channels/{id}/settings", SetAsync).RequireModerator();
    }

    /// <summary>All of the index: from the shards, the channels that the token may moderate.</summary>
    private static async Task<Ok<ChannelListItem[]>> ListAsync(GrainAccess grains, HttpContext context, IHostEnvironment environment)
    {
        var token = context.User.AccessToken();
        var summaries = await grains.LiveChannels();
        return TypedResults.Ok(summaries
            .Where(summary => environment.IsDevelopment() || token?.Allows(Grants.Moderate, summary.Channel) == true)
            .OrderBy(summary => summary.Channel.Value, StringComparer.Ordinal)
            .Select(ChannelListItem.From)
            .ToArray());
    }

    private static async Task<Results<Ok<ChannelDetails>, ProblemHttpResult>> GetAsync(string id, GrainAccess grains)
    {
        if (!ChannelId.TryParse(id, out var channel))
            return Problems.For(VoiceError.InvalidChannel);
        var snapshot = await grains.Ask(grains.Channel(channel).GetSnapshot());
        return snapshot.Participants.IsEmpty ? Problems.For(VoiceError.UnknownChannel) : TypedResults.Ok(ChannelDetails.From(snapshot));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> SetAsync(string id, SettingsBody settings, GrainAccess grains)
    {
        if (!ChannelId.TryParse(id, out var channel))
            return Problems.For(VoiceError.InvalidChannel);
        var error = await grains.Ask(stop => grains.Channel(channel).UpdateSettings(new ChannelSettings { Mode = settings.Mode, MaxParticipants = settings.MaxParticipants }, stop));
        return error == VoiceError.None ? TypedResults.NoContent() : Problems.For(error);
    }
}
