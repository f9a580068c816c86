using Hype.Grains.Abstractions.Errors;

namespace Hype.Gateway.Auth;

/// <summary>An administrator's request to mint a token.</summary>
/// <param name="Identity">Claim <c>sub</c>.</param>
/// <param name="Name">Claim <c>name</c>; may be empty.</param>
/// <param name="Channels">Ids, or prefixes of ids followed by <c>*</c>.</param>
/// <param name="Grants">Names of grants.</param>
/// <param name="Lifetime">10 s–<see cref="AuthOptions.MaxTokenLifetime"/>.</param>
internal sealed record TokenRequest(string Identity, string Name, string[] Channels, string[] Grants, TimeSpan Lifetime)
{
    private const int MaxChannels = 64;

    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(10);

    /// <summary>Finds the flaw of the request, with its error and in a sentence; null when the request is valid.</summary>
    /// <param name="longest">The longest lifetime of a valid token.</param>
    public (VoiceError Error, string Sentence)? FindFlaw(TimeSpan longest)
    {
        if ((AccessToken.FlawOfIdentity(Identity) ?? AccessToken.FlawOfName(Name)) is { } nameFlaw)
            return (VoiceError.InvalidName, nameFlaw);
        return FlawOfRights(longest) is { } flaw ? (VoiceError.BadMessage, flaw) : null;
    }

    private string? FlawOfRights(TimeSpan longest)
    {
        if (Channels.Length is < 1 or > MaxChannels || !Channels.All(IsPattern))
            return $"Channels are 1-{MaxChannels} channel ids, or prefixes of ids with * at the end.";
        if (Grants.Length < 1 || WireGrants.TryRead(Grants) is null)
            return "Grants are join, speak, listen and moderate, at least one.";
        if (Lifetime < Shortest || Lifetime > longest)
            return $"A lifetime is {Shortest.TotalSeconds:0} s to {longest.TotalSeconds:0} s.";
        return null;
    }

    private static bool IsPattern(string pattern) =>
        pattern == "*" || ChannelId.TryParse(pattern.EndsWith('*') ? pattern[..^1] : pattern, out _);
}
