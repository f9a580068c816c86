using System.Globalization;
using System.Security.Claims;
using Hype.Grains.Abstractions.Participants;

namespace Hype.Gateway.Auth;

/// <summary>The claims of a verified token: the identity of its bearer, and the grants in its channels.</summary>
/// <param name="Identity">Claim <c>sub</c>, 1–128 visible characters.</param>
/// <param name="Name">Claim <c>name</c>, at most 64 visible characters; the identity when there is none.</param>
/// <param name="Channels">Claim <c>channels</c>: ids, or prefixes of ids followed by <c>*</c>.</param>
/// <param name="Grants">Claim <c>grants</c>: <c>join</c>, <c>speak</c>, <c>listen</c>, <c>moderate</c>.</param>
internal sealed record AccessToken(string Identity, string Name, IReadOnlyList<string> Channels, Grants Grants)
{
    public const string NameClaim = "name";
    public const string ChannelsClaim = "channels";
    public const string GrantsClaim = "grants";
    public const string AuthTimeClaim = "auth_time";
    public const int MaxIdentityLength = 128;
    public const int MaxNameLength = 64;

    /// <summary>The end of the year 9999 in seconds since 1970: the framework has no later time.</summary>
    private const double MaxSeconds = 253_402_300_799;

    /// <summary>
    /// The time of issue: the claim <c>iat</c>, else <c>nbf</c>. A token with neither gets the earliest time: it is older than any
    /// revocation.
    /// </summary>
    public DateTimeOffset IssuedAt { get; init; }

    /// <summary>The time of expiry: the claim <c>exp</c>.</summary>
    public DateTimeOffset Expires { get; init; }

    /// <summary>
    /// The time from which the session counts: the claim <c>auth_time</c> (OpenID Connect Core §2), else the time of issue. Renewed tokens
    /// keep it.
    /// </summary>
    public DateTimeOffset AuthenticatedAt { get; init; }

    /// <summary>True when the bearer may moderate every channel, which makes the bearer an administrator of the deployment.</summary>
    public bool Administers => Grants.HasFlag(Grants.Moderate) && Channels.Contains("*");

    public bool Allows(Grants grant, ChannelId channel) => Grants.HasFlag(grant) && Channels.Any(pattern => Matches(pattern, channel));

    /// <summary>Reads the claims of a token or certificate; returns null when they contain no valid identity or name.</summary>
    public static AccessToken? From(ClaimsIdentity claims)
    {
        if (FlawOf(claims) is not null)
            return null;
        var identity = claims.FindFirst("sub")!.Value;
        var issuedAt = TimeOf(claims, "iat") ?? TimeOf(claims, "nbf") ?? DateTimeOffset.MinValue;
        return new AccessToken(
            identity,
            claims.FindFirst(NameClaim)?.Value is { Length: > 0 } name ? name : identity,
            [.. claims.FindAll(ChannelsClaim).Select(claim => claim.Value)],
            claims.FindAll(GrantsClaim).Aggregate(Grants.None, (grants, claim) => grants | WireGrants.Parse(claim.Value)))
        {
            IssuedAt = issuedAt,
            AuthenticatedAt = TimeOf(claims, AuthTimeClaim) ?? issuedAt,
            Expires = TimeOf(claims, "exp") ?? DateTimeOffset.MinValue,
        };
    }

    /// <summary>Finds the flaw of the identity or the name in claims, in a sentence; null when both are valid.</summary>
    public static string? FlawOf(ClaimsIdentity claims)
    {
        var identity = claims.FindFirst("sub")?.Value;
        return FlawOfIdentity(identity)
            ?? (claims.FindFirst(NameClaim)?.Value is { } name && name != identity ? FlawOfName(name) : null);
    }

    /// <summary>Finds the flaw of an identity, in a sentence; null when it is valid.</summary>
    public static string? FlawOfIdentity(string? identity) =>
        PrintableText.FlawOfIdentifier(identity ?? "", MaxIdentityLength) is { } flaw ? $"The identity {flaw}" : null;

    /// <summary>Finds the flaw of a displayed name, in a sentence; null when it is valid. An empty name is valid.</summary>
    public static string? FlawOfName(string name) =>
        PrintableText.FlawOfDisplay(name, MaxNameLength) is { } flaw ? $"The name {flaw}" : null;

    /// <summary>
    /// Reads a NumericDate (RFC 7519 §2): seconds since 1970, which may have a fraction. The verification of the token has checked that
    /// the claim is a number.
    /// </summary>
    private static DateTimeOffset? TimeOf(ClaimsIdentity claims, string claim) =>
        double.TryParse(claims.FindFirst(claim)?.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds)
            && seconds is >= 0 and < MaxSeconds
            ? DateTimeOffset.UnixEpoch.AddSeconds(Math.Floor(seconds))
            : null;

    private static bool Matches(string pattern, ChannelId channel) => pattern.EndsWith('*')
        ? channel.Value.StartsWith(pattern[..^1], StringComparison.Ordinal)
        : channel.Value == pattern;
}
