using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Participants;

namespace Hype.Grains.Channels.Inputs;

/// <summary>A request to admit a member whose token the gateway has already checked.</summary>
/// <param name="Age">The time since the first attempt of the join; zero in the first attempt.</param>
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
    TimeSpan Age = default)
{
    public static Admission Of(JoinRequest request, byte[] tokenHash, TimeSpan age) => new(
        request.Session,
        tokenHash,
        request.Identity,
        request.Name,
        request.Grants,
        request.Gateway.GatewayId,
        request.Region ?? request.Gateway.Region,
        request.Muted,
        request.Deafened,
        request.TokenIssuedAt,
        age);
}
