using Hype.Grains.Abstractions.Participants;
using Hype.Grains.Abstractions.Regions;

namespace Hype.Grains.Channels.Members;

/// <summary>A participant as its channel keeps it: the line that others see, and what only the channel knows.</summary>
[GenerateSerializer, Immutable, Alias("hype.Member")]
internal sealed record Member
{
    [Id(0)]
    public required Participant Line { get; init; }

    /// <summary>SHA-256 of the resume token's secret.</summary>
    [Id(1)]
    public required byte[] TokenHash { get; init; }

    /// <summary>Where this member's media should enter.</summary>
    [Id(2)]
    public required RegionId Region { get; init; }

    /// <summary>The gateway that holds the socket; null while it is away.</summary>
    [Id(3)]
    public string? GatewayId { get; init; }

    /// <summary>End of the resume window while it is away.</summary>
    [Id(4)]
    public DateTimeOffset? AwayUntil { get; init; }

    /// <summary>What the client measured.</summary>
    [Id(5)]
    public ConnectionQuality ClientQuality { get; init; }

    /// <summary>What the media node measured in the current layout.</summary>
    [Id(6)]
    public ConnectionQuality NodeQuality { get; init; }

    /// <summary>Of the token that let it in: a revocation ends it by this.</summary>
    [Id(7)]
    public DateTimeOffset TokenIssuedAt { get; init; }

    public SessionId Session => Line.Session;

    public MemberNumber Number => Line.Number;

    public bool Away => Line.Away;

    public bool CanSpeak => Line.Grants.HasFlag(Grants.Speak) && !Line.Muted && !Line.ServerMuted;

    public bool CanListen => Line.Grants.HasFlag(Grants.Listen) && !Line.Deafened;
}
