using Hype.Gateway.Auth;
using Hype.Gateway.Cluster;
using Hype.Gateway.Control.Models;
using Hype.Gateway.Errors;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Hype.Gateway.Control.Rest;

/// <summary>Calls a channel grain for a REST request, and answers the request with "no content", the result or the error.</summary>
internal static class ChannelCalls
{
    public static async Task<Results<NoContent, ProblemHttpResult>> DoAsync(
        string id, GrainAccess grains, Func<IChannelGrain, CancellationToken, Task<VoiceError>> ask)
    {
        if (!ChannelId.TryParse(id, out var channel))
            return Problems.InvalidChannel(id);
        var error = await grains.Ask(stop => ask(grains.Channel(channel), stop));
        return error == VoiceError.None ? TypedResults.NoContent() : Problems.For(error);
    }

    /// <summary>Carries out a moderator's order for an identity, which may be absent, and answers whether it is stored.</summary>
    public static async Task<Results<Ok<ModerationDetails>, ProblemHttpResult>> ModerateAsync(
        string id, string identity, GrainAccess grains, Func<IChannelGrain, CancellationToken, Task<ModerationResult>> ask) =>
        AccessToken.FlawOfIdentity(identity) is { } flaw
            ? Problems.For(VoiceError.InvalidName, flaw)
            : await ModerateAsync(id, grains, ask);

    /// <summary>Carries out a moderator's order, and answers whether it is stored.</summary>
    public static async Task<Results<Ok<ModerationDetails>, ProblemHttpResult>> ModerateAsync(
        string id, GrainAccess grains, Func<IChannelGrain, CancellationToken, Task<ModerationResult>> ask)
    {
        if (!ChannelId.TryParse(id, out var channel))
            return Problems.InvalidChannel(id);
        var result = await grains.Ask(stop => ask(grains.Channel(channel), stop));
        return result.Error == VoiceError.None ? TypedResults.Ok(ModerationDetails.From(result)) : Problems.For(result.Error);
    }
}
