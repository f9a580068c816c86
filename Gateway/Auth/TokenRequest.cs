using Hype.Grains.Abstractions.Channels;

namespace Hype.Gateway.Auth;

/// <summary>A token that somebody who may asks for.</summary>
/// <param name="Channels">Names, or beginnings of names followed by <c>*</c>.</param>
/// <param name="Lifetime">10 s–<see cref="AuthOptions.MaxTokenLifetime"/>.</param>
internal sealed record TokenRequest(string Identity, string Name, string[] Channels, string[] Grants, TimeSpan Lifetime)
{
    private const int MaxChannels = 64;

    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(10);

    /// <summary>A sentence that says what is wrong; null: the order stands.</summary>
    /// <param name="longest">A token that lives longer is believed by no gateway.</param>
    public static string? TryRead(string identity, string name, string[] channels, string[] grants, TimeSpan lifetime, TimeSpan longest, out TokenRequest? order)
    {
        order = null;
        if (!AccessToken.IsText(identity, AccessToken.MaxIdentityLength))
            return $"An identity has 1-{AccessToken.MaxIdentityLength} printable characters.";
        if (name.Length > 0 && !AccessToken.IsText(name, AccessToken.MaxNameLength))
            return $"A name has at most {AccessToken.MaxNameLength} printable characters.";
        if (channels.Length is < 1 or > MaxChannels || !channels.All(IsPattern))
            return $"Channels are 1-{MaxChannels} channel ids, or beginnings of ids with * at the end.";
        if (grants.Length < 1 || WireGrants.TryRead(grants) is null)
            return "Grants are join, speak, listen and moderate, at least one.";
        if (lifetime < Shortest || lifetime > longest)
            return $"A lifetime is {Shortest.TotalSeconds:0} s to {longest.TotalSeconds:0} s.";

        order = new TokenRequest(identity, name, channels, grants, lifetime);
        return null;
    }

    private static bool IsPattern(string pattern) => pattern == "*" || ChannelId.TryParse(pattern.EndsWith('*') ? pattern[..^1] : pattern, out _);
}
