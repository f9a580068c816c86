using Hype.Gateway.Auth;
using Hype.Gateway.Cluster;
using Hype.Gateway.Limits;
using Hype.Gateway.Signaling.Messages;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Abstractions.Participants;

namespace Hype.Gateway.Signaling.Socket;

/// <summary>
/// Decides whether a client may ask a channel for a seat: checks rate limits first, then the token. For an allowed join it creates the
/// request to the channel.
/// </summary>
internal sealed class JoinAuthorizer(ClientLimits limits, AccessTokens tokens, RegionNames regions, GrainAccess grains)
{
    /// <summary>Checks a join, and creates its request to the channel; the request is null when the outcome is an error.</summary>
    public async Task<(CommandOutcome Outcome, JoinRequest? Request, AccessToken? Access)> CheckAsync(
        JoinMessage join, ChannelId channel, ClientAddress address)
    {
        if (limits.Join(address) is { Ticks: > 0 } addressWait)
            return Refused(CommandOutcome.TooMany(addressWait));
        var (access, flaw) = await tokens.CheckAsync(join.Token);
        if (flaw is not null)
            return Refused(new CommandOutcome(VoiceError.InvalidName, flaw));
        if (access is null)
            return Refused(new CommandOutcome(VoiceError.Unauthorized, Close: SocketCloseReason.Unauthorized));
        if (limits.Join(access.Identity) is { Ticks: > 0 } identityWait)
            return Refused(CommandOutcome.TooMany(identityWait));
        if (!access.Allows(Grants.Join, channel))
            return Refused(new CommandOutcome(VoiceError.Forbidden));
        var request = new JoinRequest
        {
            Identity = access.Identity,
            Name = access.Name,
            Grants = access.Grants,
            Gateway = grains.Gateway,
            Muted = join.Muted || join.Deafened,
            Deafened = join.Deafened,
            Region = regions.Nearest(join.Rtt),
            TokenIssuedAt = access.IssuedAt,
        };
        return (CommandOutcome.Done, request, access);
    }

    /// <summary>Checks the rate limit of a resume; the channel itself checks the resume token.</summary>
    public CommandOutcome CheckResume(ClientAddress address) =>
        limits.Join(address) is { Ticks: > 0 } wait ? CommandOutcome.TooMany(wait) : CommandOutcome.Done;

    private static (CommandOutcome, JoinRequest?, AccessToken?) Refused(CommandOutcome outcome) => (outcome, null, null);
}
