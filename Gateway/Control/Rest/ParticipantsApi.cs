using System.Collections.Immutable;
using Hype.Gateway.Auth;
using Hype.Gateway.Cluster;
using Hype.Gateway.Control.Models;
using Hype.Gateway.Errors;
using Hype.Grains.Abstractions.Errors;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Hype.Gateway.Control.Rest;

/// <summary>Lists the participants of a channel, and moderates them.</summary>
internal static class ParticipantsApi
{
    public static void MapParticipants(this IEndpointRouteBuilder api)
    {
        api.MapGet("/channels/{id}/participants", ListAsync).RequireModeratorToRead();
        api.MapGet("/channels/{id}/participants/{number}", GetAsync).RequireModeratorToRead();
        var one = api.MapGroup("/channels/{id}/participants/{number}").RequireModerator();
        one.MapPost("/mute", (string id, MemberNumber number, GrainAccess grains) =>
            ChannelCalls.ModerateAsync(id, grains, (grain, _) => grain.SetServerMute(number, true)));
        one.MapPost("/unmute", (string id, MemberNumber number, GrainAccess grains) =>
            ChannelCalls.ModerateAsync(id, grains, (grain, _) => grain.SetServerMute(number, false)));
        one.MapPost("/kick", (string id, MemberNumber number, GrainAccess grains) =>
            ChannelCalls.ModerateAsync(id, grains, (grain, _) => grain.Kick(number)));
        one.MapPost("/move", MoveAsync);
        one.MapPut("/grants", GrantAsync);
        one.MapPut("/attributes", (string id, MemberNumber number, Dictionary<string, string> attributes, GrainAccess grains) =>
            ChannelCalls.DoAsync(
                id, grains, (grain, _) => grain.SetAttributes(number, attributes.ToImmutableSortedDictionary(StringComparer.Ordinal))));
    }

    private static async Task<Results<Ok<ParticipantDetails[]>, ProblemHttpResult>> ListAsync(string id, GrainAccess grains)
    {
        if (!ChannelId.TryParse(id, out var channel))
            return Problems.InvalidChannel(id);
        var snapshot = await grains.Ask(grains.Channel(channel).GetSnapshot());
        return TypedResults.Ok(snapshot.Participants.Select(ParticipantDetails.From).ToArray());
    }

    private static async Task<Results<Ok<ParticipantDetails>, ProblemHttpResult>> GetAsync(
        string id, MemberNumber number, GrainAccess grains)
    {
        if (!ChannelId.TryParse(id, out var channel))
            return Problems.InvalidChannel(id);
        var snapshot = await grains.Ask(grains.Channel(channel).GetSnapshot());
        return snapshot.Participants.FirstOrDefault(participant => participant.Number == number) is { } found
            ? TypedResults.Ok(ParticipantDetails.From(found))
            : Problems.For(VoiceError.UnknownParticipant);
    }

    /// <summary>Moves a participant to another channel. The caller needs the grant <c>moderate</c> in both channels.</summary>
    private static async Task<Results<NoContent, ProblemHttpResult>> MoveAsync(
        string id, MemberNumber number, MoveBody move, GrainAccess grains, HttpContext context)
    {
        if (!ChannelId.TryParse(move.Channel, out var to))
            return Problems.InvalidChannel(move.Channel);
        if (context.User.AccessToken()?.Allows(Grains.Abstractions.Participants.Grants.Moderate, to) != true)
            return Problems.For(VoiceError.Forbidden, "The token does not moderate the channel to move to.");
        return await ChannelCalls.DoAsync(id, grains, (grain, _) => grain.Move(number, to));
    }

    private static async Task<Results<Ok<ModerationDetails>, ProblemHttpResult>> GrantAsync(
        string id, MemberNumber number, GrantsBody body, GrainAccess grains) =>
        WireGrants.TryRead(body.Grants) is { } grants
            ? await ChannelCalls.ModerateAsync(id, grains, (grain, _) => grain.SetGrants(number, grants))
            : Problems.For(VoiceError.BadMessage, "Grants are join, speak, listen and moderate.");
}
