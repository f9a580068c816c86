using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Participants;
using Hype.Grains.Sessions;

namespace Hype.Grains.Channels.Members;

/// <summary>A member of a channel: its public data (<see cref="Participant"/>), and the data that only the channel knows.</summary>
[GenerateSerializer, Immutable, Alias("hype.Member")]
internal sealed record Member
{
    /// <summary>The public data of the member, which all members of the channel receive.</summary>
    [Id(0)]
    public required Participant Participant { get; init; }

    /// <summary>The SHA-256 hash of the newest resume token's secret.</summary>
    [Id(1)]
    public required byte[] TokenHash { get; init; }

    /// <summary>The region that the member belongs to; a room that serves this region holds the member's endpoint.</summary>
    [Id(2)]
    public required RegionId Region { get; init; }

    /// <summary>The gateway that holds the member's socket; null while the member is away.</summary>
    [Id(3)]
    public string? GatewayId { get; init; }

    /// <summary>The end of the member's resume window; null while the member is connected.</summary>
    [Id(4)]
    public DateTimeOffset? AwayUntil { get; init; }

    /// <summary>The quality of the media path that the client measured.</summary>
    [Id(5)]
    public ConnectionQuality ClientQuality { get; init; }

    /// <summary>The quality of the media path that the media node measured in the current layout.</summary>
    [Id(6)]
    public ConnectionQuality NodeQuality { get; init; }

    /// <summary>The time at which the member's token was issued. A revocation ends the session if the token is older.</summary>
    [Id(7)]
    public DateTimeOffset TokenIssuedAt { get; init; }

    /// <summary>
    /// The hash of the resume token with which the client resumed last, until it resumes with the newest one: the answer with the newest
    /// one may have been lost. Null before the first resume.
    /// </summary>
    [Id(8)]
    public byte[]? UsedTokenHash { get; init; }

    /// <summary>The grants of the member's token, also those that a restriction denies; a moderator may have given others.</summary>
    [Id(9)]
    public required Grants TokenGrants { get; init; }

    public SessionId Session => Participant.Session;

    public MemberNumber Number => Participant.Number;

    public bool Away => Participant.Away;

    public bool CanSpeak => Participant.Grants.HasFlag(Grants.Speak) && !Participant.Muted && !Participant.ServerMuted;

    public bool CanListen => Participant.Grants.HasFlag(Grants.Listen) && !Participant.Deafened;

    public bool MayResumeWith(byte[] tokenHash) =>
        ResumeToken.Matches(TokenHash, tokenHash) || (UsedTokenHash is { } used && ResumeToken.Matches(used, tokenHash));

    public Member AtGateway(string gatewayId) =>
        this with { GatewayId = gatewayId, AwayUntil = null, Participant = Participant with { Away = false } };

    public Member AwaySince(DateTimeOffset now, TimeSpan resumeWindow) =>
        this with { GatewayId = null, AwayUntil = now + resumeWindow, Participant = Participant with { Away = true } };

    /// <summary>
    /// Returns the member with the quality to publish: the worse of the client's and the node's measurement, because each measures a part
    /// of the path.
    /// </summary>
    public Member WithPublishedQuality() =>
        this with { Participant = Participant with { Quality = QualityLevels.Worse(ClientQuality, NodeQuality) } };

    /// <summary>Returns the join request by which another channel admits this member.</summary>
    /// <param name="restriction">The restriction of the identity in this channel, which applies in the other one too.</param>
    public JoinRequest ToJoinRequest(GatewayRef gateway, Restriction restriction) => new()
    {
        Identity = Participant.Identity,
        Name = Participant.Name,
        Grants = Participant.Grants,
        TokenGrants = TokenGrants,
        Gateway = gateway,
        Muted = Participant.Muted,
        Deafened = Participant.Deafened,
        Region = Region,
        TokenIssuedAt = TokenIssuedAt,
        Restriction = restriction | new Restriction { ServerMuted = Participant.ServerMuted },
    };
}
