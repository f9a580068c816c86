using Hype.Gateway.Cluster;
using Hype.Gateway.Errors;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Hype.Gateway.Control.Rest;

/// <summary>Calls a channel grain for a REST request, and answers the request with "no content" or with the error.</summary>
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
}
