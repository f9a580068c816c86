using Grpc.Core;
using Hype.Gateway.Auth;
using Hype.Gateway.Cluster;
using Hype.Gateway.Errors;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Abstractions.Participants;

namespace Hype.Gateway.Control.Grpc;

/// <summary>What every call of <c>voice_control.proto</c> begins and ends with: who asks, for which channel, and how no is said.</summary>
internal static class Calls
{
    /// <summary>The channel, if the caller moderates it.</summary>
    public static ChannelId Moderated(this ServerCallContext context, string id)
    {
        if (!ChannelId.TryParse(id, out var channel))
            throw GrpcErrors.Refusal(VoiceError.InvalidChannel);
        if (!context.Token().Allows(Grants.Moderate, channel))
            throw GrpcErrors.Refusal(VoiceError.Forbidden);
        return channel;
    }

    public static AccessToken Token(this ServerCallContext context) => context.GetHttpContext().User.AccessToken() ?? throw GrpcErrors.Refusal(VoiceError.Unauthorized);

    /// <summary>Calls a channel that either does what was asked or says why not.</summary>
    public static async Task DoAsync(this GrainAccess grains, ChannelId channel, Func<IChannelGrain, CancellationToken, Task<VoiceError>> ask)
    {
        var error = await grains.Ask(stop => ask(grains.Channel(channel), stop));
        if (error != VoiceError.None)
            throw GrpcErrors.Refusal(error);
    }
}
