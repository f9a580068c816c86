using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Abstractions.Participants;

namespace Hype.Grains.Abstractions.Channels;

/// <summary>The data that a grain has about a gateway: its id, its region and the observer that receives events.</summary>
/// <param name="GatewayId">The id of the gateway's process; a restarted gateway has another one.</param>
[GenerateSerializer, Immutable, Alias("hype.GatewayRef")]
public sealed record GatewayRef(
    [property: Id(0)] string GatewayId,
    [property: Id(1)] RegionId Region,
    [property: Id(2)] IGatewayObserver Observer);

/// <summary>The request of a client to join a channel; the gateway has already checked its token.</summary>
[GenerateSerializer, Immutable, Alias("hype.JoinRequest")]
public sealed record JoinRequest
{
    [Id(0)]
    public required string Identity { get; init; }

    [Id(1)]
    public required string Name { get; init; }

    [Id(2)]
    public required Grants Grants { get; init; }

    [Id(3)]
    public required GatewayRef Gateway { get; init; }

    [Id(4)]
    public bool Muted { get; init; }

    [Id(5)]
    public bool Deafened { get; init; }

    /// <summary>The region that the client measured as the nearest one; null means the region of the gateway.</summary>
    [Id(6)]
    public RegionId? Region { get; init; }

    /// <summary>The time at which the token was issued; <see cref="DateTimeOffset.MinValue"/> if the token does not state it.</summary>
    [Id(7)]
    public DateTimeOffset TokenIssuedAt { get; init; }

    /// <summary>
    /// The id of the session to create. It is the key of the join: a second attempt with the same id returns the seat of the first, and a
    /// caller that gives up ends the seat by this id (<see cref="IChannelGrain.Leave"/>).
    /// </summary>
    [Id(8)]
    public SessionId Session { get; init; } = SessionId.New();

    /// <summary>
    /// The restriction that a member brings along from the channel that moves it here; <see cref="Restriction.None"/> in the join of a
    /// client.
    /// </summary>
    [Id(9)]
    public Restriction Restriction { get; init; } = Restriction.None;

    /// <summary>
    /// The grants of the token with which a moved member joined; null in the join of a client, whose <see cref="Grants"/> are those of its
    /// token.
    /// </summary>
    [Id(10)]
    public Grants? TokenGrants { get; init; }
}

/// <summary>
/// The result of a join or a resume: the session, or the error. In SFU mode the offer of the media node follows later as
/// <see cref="SfuOffered"/>.
/// </summary>
[GenerateSerializer, Immutable, Alias("hype.JoinResult")]
public sealed record JoinResult
{
    [Id(0)]
    public VoiceError Error { get; init; }

    [Id(1)]
    public SessionId Session { get; init; }

    /// <summary>
    /// The number of the member in this channel. No later member gets the same number; media nodes send it as the CSRC of the member's
    /// audio.
    /// </summary>
    [Id(2)]
    public MemberNumber Number { get; init; }

    [Id(3)]
    public string ResumeToken { get; init; } = "";

    [Id(4)]
    public ChannelSnapshot? Snapshot { get; init; }

    public static JoinResult Failed(VoiceError error) => new() { Error = error };

    /// <summary>Returns the result without its resume token, which no log may contain.</summary>
    public override string ToString() => $"JoinResult {{ {Error}, {Session}, {Number} }}";
}

/// <summary>The request of a client to continue its session after it lost its socket; any gateway may send it.</summary>
[GenerateSerializer, Immutable, Alias("hype.ResumeRequest")]
public sealed record ResumeRequest([property: Id(0)] string ResumeToken, [property: Id(1)] GatewayRef Gateway)
{
    /// <summary>Returns the request without its token, which no log may contain.</summary>
    public override string ToString() => $"ResumeRequest {{ {Gateway.GatewayId} }}";
}
