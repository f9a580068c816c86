using Hype.Grains.Abstractions.Participants;

namespace Hype.Gateway.Auth;

/// <summary>Reads and writes grants by their names in tokens.</summary>
internal static class WireGrants
{
    private static readonly (string Name, Grants Grant)[] Names =
    [
        ("join", Grants.Join), ("speak", Grants.Speak), ("listen", Grants.Listen), ("moderate", Grants.Moderate),
    ];

    public static string[] Write(Grants grants) => [.. Names.Where(name => grants.HasFlag(name.Grant)).Select(name => name.Name)];

    /// <summary>Returns the grant of a name; a name that this version does not know grants nothing.</summary>
    public static Grants Parse(string name) => Array.Find(Names, known => known.Name == name).Grant;

    /// <summary>Returns all named grants together; null when one of the names is unknown.</summary>
    public static Grants? TryRead(IEnumerable<string> names)
    {
        var grants = names.Select(Parse).ToArray();
        return grants.Contains(Grants.None) ? null : grants.Aggregate(Grants.None, (all, grant) => all | grant);
    }
}
