namespace Hype.Gateway.Tests.Testing;

/// <summary>Identities and channel ids that a gateway must accept unchanged, and identities that it must refuse.</summary>
internal static class NameSamples
{
    public static readonly string[] Valid =
    [
        "github/42", "auth0|x/y", "https://id.example/42?a=b#c", "a+b", "50%", "%2F", "%252f", "a%2Fb", "Ada Lovelace", "O'Brien", "a\\b",
        "\"q\"", "a;b=c", "...", "Zoë", "🎧", "a&b", "[x]", "{y}", "~", new string('é', 128),
    ];

    /// <summary>Pairs of an invalid identity and a part of the sentence that names its flaw.</summary>
    public static readonly object[][] Invalid =
    [
        ["evil\u202egpj", "U+202E"], ["ad\u200ba", "U+200B"], [" ada", "space"], [new string('x', 129), "128"],
    ];

    /// <summary>Returns the longest start of a valid name that is a channel id.</summary>
    public static string ChannelOf(string name) => name.Length > 64 ? name[..64] : name;
}
