using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Participants;

namespace Hype.Grains.Channels.Inputs;

/// <summary>A request to admit a member whose token the gateway has already checked.</summary>
/// <param name="Age">The time since the first attempt of the join; zero in the first attempt.</param>
/// <param name="TokenGrants">The grants of the member's token; null: the same as <paramref name="Grants"/>.</param>
internal sealed record Admission(
    SessionId Session,
    byte[] TokenHash,
    string Identity,
    string Name,
    Grants Grants,
    string GatewayId,
    RegionId Region,
    bool Muted = false,
    bool Deafened = false,
    DateTimeOffset TokenIssuedAt = default,
    bool ServerMuted = false,
    TimeSpan Age = default,
    Grants? TokenGrants = null)
{
    /// <param name="restriction">The restriction of the identity in this channel.</param>
    public static Admission Of(JoinRequest request, byte[] tokenHash, Restriction restriction, TimeSpan age) => new(
        request.Session,
        tokenHash,
        request.Identity,
        request.Name,
        restriction.Limit(request.Grants),
        request.Gateway.GatewayId,
        request.Region ?? request.Gateway.Region,
        request.Muted,
        request.Deafened,
        request.TokenIssuedAt,
        restriction.ServerMuted,
        age,
        request.TokenGrants ?? request.Grants);
}
