using Hype.Grains.Abstractions.Participants;
using Hype.Grains.Abstractions.Regions;

namespace Hype.Grains.Channels.Members;

/// <summary>A request to admit a member whose token is already checked.</summary>
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
    DateTimeOffset TokenIssuedAt = default);
