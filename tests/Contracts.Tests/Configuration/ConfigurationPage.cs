using System.Text.RegularExpressions;

namespace Hype.Contracts.Tests.Configuration;

/// <summary>
/// Generates the tables of docs/configuration.md from the options types. The tables stand between marks in the prose of the page.
/// </summary>
internal static partial class ConfigurationPage
{
    public static readonly string File = Path.Combine(Repository.Root, "docs", "configuration.md");

    /// <summary>Returns the names of the options types that the page's tables document, in the page's order.</summary>
    public static IEnumerable<string> Types(string page) => Table().Matches(page).SelectMany(match => TypesOf(match));

    /// <summary>Returns the page with newly generated tables.</summary>
    public static string Rewrite(string page)
    {
        var seen = new HashSet<string>();
        return Table().Replace(page, match =>
        {
            // A key of two processes has two types and one row.
            var rows = TypesOf(match).SelectMany(Keys).Where(key => seen.Add(key.Name)).Select(key => key.Row);
            return $"{match.Groups["mark"].Value}\n| key | default | range | meaning "
                + $"|\n|---|---|---|---|\n{string.Join('\n', rows)}\n<!-- end -->";
        });
    }

    public static IEnumerable<OptionKey> Keys(string type) =>
        OptionTypes.All.Where(options => options.Type.Name == type).SelectMany(options => OptionKey.Of(options.Type, options.Section));

    private static string[] TypesOf(Match match) => match.Groups["types"].Value.Split(", ");

    [GeneratedRegex(@"(?<mark><!-- keys of (?<types>[\w, ]+?) -->)\n.*?<!-- end -->", RegexOptions.Singleline)]
    private static partial Regex Table();
}
