using Grpc.Core;
using Hype.Gateway.Auth;
using Hype.Gateway.Cluster;
using Hype.Gateway.Errors;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Abstractions.Participants;
using Proto = Hype.Control.V1;

namespace Hype.Gateway.Control.Grpc;

/// <summary>
/// The steps that all calls of <c>voice_control.proto</c> share: reading the caller's token and the channel, and throwing a refusal.
/// </summary>
internal static class Calls
{
    /// <summary>Reads a channel id; throws unless the caller moderates the channel.</summary>
    public static ChannelId Moderated(this ServerCallContext context, string id)
    {
        if (!ChannelId.TryParse(id, out var channel))
            throw GrpcErrors.Refusal(VoiceError.InvalidChannel, ChannelId.FlawOf(id));
        if (!context.Token().Allows(Grants.Moderate, channel))
            throw GrpcErrors.Refusal(VoiceError.Forbidden);
        return channel;
    }

    /// <summary>Returns an identity, which may be absent; throws if it is invalid.</summary>
    public static string Identity(string identity) =>
        AccessToken.FlawOfIdentity(identity) is { } flaw ? throw GrpcErrors.Refusal(VoiceError.InvalidName, flaw) : identity;

    public static AccessToken Token(this ServerCallContext context) =>
        context.GetHttpContext().User.AccessToken() ?? throw GrpcErrors.Refusal(VoiceError.Unauthorized);

    /// <summary>Carries out a moderator's order, and returns whether it is stored; throws the refusal as a gRPC status.</summary>
    public static async Task<Proto.Storage> ModerateAsync(
        this GrainAccess grains, ChannelId channel, Func<IChannelGrain, CancellationToken, Task<ModerationResult>> ask)
    {
        var result = await grains.Ask(stop => ask(grains.Channel(channel), stop));
        if (result.Error != VoiceError.None)
            throw GrpcErrors.Refusal(result.Error);
        return result.IsStored ? Proto.Storage.Stored : Proto.Storage.NotStored;
    }

    /// <summary>Calls a channel grain; throws the refusal as a gRPC status.</summary>
    public static async Task DoAsync(
        this GrainAccess grains, ChannelId channel, Func<IChannelGrain, CancellationToken, Task<VoiceError>> ask)
    {
        var error = await grains.Ask(stop => ask(grains.Channel(channel), stop));
        if (error != VoiceError.None)
            throw GrpcErrors.Refusal(error);
    }
}
