using Hype.Grains.Abstractions.Participants;

namespace Hype.Grains.Abstractions.Channels;

/// <summary>
/// The server mute and the denied grants of an identity in a channel, as moderators set them. A restriction belongs to the identity and
/// not to a session, so it survives leave and join.
/// </summary>
[GenerateSerializer, Immutable, Alias("hype.Restriction")]
public sealed record Restriction
{
    public static readonly Restriction None = new();

    [Id(0)]
    public bool ServerMuted { get; init; }

    /// <summary>
    /// The grants that the identity does not have in the channel, whatever its token says. <see cref="Grants.Join"/> is never denied:
    /// a ban keeps an identity out.
    /// </summary>
    [Id(1)]
    public Grants Denied { get; init; }

    public static Restriction operator |(Restriction one, Restriction other) =>
        new() { ServerMuted = one.ServerMuted || other.ServerMuted, Denied = one.Denied | other.Denied };

    /// <summary>Returns the grants of a token without the denied ones.</summary>
    public Grants Limit(Grants grants) => grants & ~Denied;

    /// <summary>
    /// Returns the restriction after a moderator replaced the grants of a member: it denies what the member had or was denied before, and
    /// does not have any longer. A grant beyond the member's token is not part of a restriction, so it ends with the session.
    /// </summary>
    public Restriction WithGrants(Grants before, Grants after) => this with { Denied = (Denied | before) & ~(after | Grants.Join) };
}

/// <summary>The restriction of one identity in a channel.</summary>
[GenerateSerializer, Immutable, Alias("hype.RestrictedIdentity")]
public sealed record RestrictedIdentity([property: Id(0)] string Identity, [property: Id(1)] Restriction Restriction);
