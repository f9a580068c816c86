using System.Text.RegularExpressions;

namespace Hype.Contracts.Tests.Language;

/// <summary>
/// A kind of wording that the project does not use: its patterns, the places to search, and the advice to print with a hit.
/// </summary>
internal sealed record LanguageRule(string Name, IReadOnlySet<string> Places, IReadOnlyList<Regex> Patterns, string Advice)
{
    private const string Folder = "tests/Contracts.Tests/Language";

    /// <summary>Reads the rules of <c>rules.txt</c>.</summary>
    public static IReadOnlyList<LanguageRule> ReadAll()
    {
        var rules = new List<LanguageRule>();
        var name = "";
        IReadOnlySet<string> places = new HashSet<string>();
        var patterns = new List<Regex>();
        foreach (var line in Lines("rules.txt"))
        {
            if (line.StartsWith('['))
            {
                var end = line.IndexOf(']', StringComparison.Ordinal);
                name = line[1..end];
                places = line[(end + 1)..].Split(';', StringSplitOptions.TrimEntries).ToHashSet();
                patterns = [];
            }
            else if (line.StartsWith("-> ", StringComparison.Ordinal))
                rules.Add(new LanguageRule(name, places, patterns, line[3..]));
            else
                patterns.Add(new Regex(line, RegexOptions.CultureInvariant));
        }

        return rules;
    }

    /// <summary>Reads the lines of a file beside the rules, without comments and empty lines.</summary>
    public static IEnumerable<string> Lines(string file) =>
        Repository.Read($"{Folder}/{file}").Split('\n')
            .Select(line => line.TrimEnd())
            .Where(line => line.Length > 0 && !line.StartsWith('#'));

    public bool AppliesTo(string place) => Places.Contains(place);
}
