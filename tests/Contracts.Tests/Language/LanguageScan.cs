using System.Text.RegularExpressions;

namespace Hype.Contracts.Tests.Language;

/// <summary>Searches files for wording that the rules exclude.</summary>
internal sealed partial class LanguageScan(IReadOnlyList<LanguageRule> rules)
{
    private static readonly string[] Extensions =
        [".cs", ".js", ".mjs", ".ts", ".proto", ".md", ".sh", ".yaml", ".yml", ".html", ".css", ".csproj", ".props", ".sql",
            ".example", ".conf"];

    private static readonly string[] Scripts = ["run", "hype", "cluster", "compare-janus", "Dockerfile", "Caddyfile"];

    private static readonly string[] SkippedFolders = ["bin", "obj", "artifacts", "node_modules", "TestResults"];

    /// <summary>Returns the files of the repository that people read, except those that contain the excluded wording on purpose.</summary>
    public static IEnumerable<string> Files() =>
        Directory.EnumerateFiles(Repository.Root, "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Repository.Root, path).Replace('\\', '/'))
            .Where(path => !path.Split('/').SkipLast(1).Any(IsSkipped))
            .Where(path => Extensions.Contains(Path.GetExtension(path)) || Scripts.Contains(Path.GetFileName(path)))
            .Where(path => path != "docs/glossary.md" && !path.StartsWith("tests/Contracts.Tests/Language/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);

    public IEnumerable<LanguageHit> Search(string path) => Search(path, Repository.Read(path));

    public IEnumerable<LanguageHit> Search(string path, string text) =>
        Matches(path, text, ProseOfFile.Read(path, text))
            .Select(match => new LanguageHit(path, text.AsSpan(0, match.Offset).Count('\n') + 1, match.Rule, match.Text))
            .Distinct();

    private IEnumerable<(int Offset, string Rule, string Text)> Matches(string path, string text, ProseOfFile prose)
    {
        var document = path.EndsWith(".md", StringComparison.Ordinal);
        var script = Path.GetExtension(path) is ".js" or ".mjs" or ".ts" or ".html";
        var code = Path.GetExtension(path) is ".cs" or ".js" or ".mjs" or ".proto";
        var test = path.StartsWith("tests/", StringComparison.Ordinal) && path.EndsWith(".cs", StringComparison.Ordinal);
        var identifiers = code ? Identifier().Matches(prose.Identifiers).ToList() : [];
        foreach (var rule in rules)
        {
            foreach (var pattern in rule.Patterns)
            {
                if (rule.AppliesTo(document ? "docs" : "comments"))
                {
                    // A heading may be a question without a question mark: "What sets the limits".
                    foreach (var match in InProse(pattern, prose.Comments))
                    {
                        if (!document || rule.Name != "what" || !IsHeading(text, match.Offset))
                            yield return (match.Offset, rule.Name, match.Text);
                    }
                }

                // The pages address people: "Nobody is here yet" is plain English there.
                if (rule.AppliesTo("strings") && !(script && rule.Name == "whoever"))
                {
                    foreach (var match in InProse(pattern, prose.Strings))
                        yield return (match.Offset, rule.Name, match.Text);
                }

                if (rule.AppliesTo("summaries") && !document)
                {
                    foreach (Match match in (script ? ScriptSummary() : Summary()).Matches(text))
                    {
                        if (StartsAt(pattern, text, match.Index + match.Length))
                            yield return (match.Index + match.Length, rule.Name, Excerpt(text, match.Index + match.Length, 70));
                    }
                }

                if (rule.AppliesTo("blocks") && !document)
                {
                    foreach (Match match in BlockStart().Matches(prose.Comments))
                    {
                        if (StartsAt(pattern, prose.Comments, match.Index + match.Length))
                            yield return (match.Index + match.Length, rule.Name, Excerpt(prose.Comments, match.Index, 70));
                    }
                }

                if (rule.AppliesTo("tests") && test)
                {
                    foreach (Match match in TestMethod().Matches(prose.Identifiers))
                    {
                        if (StartsAt(pattern, match.Groups["name"].Value, 0))
                            yield return (match.Index, rule.Name, match.Groups["name"].Value);
                    }
                }

                foreach (var match in identifiers)
                {
                    var parts = rule.AppliesTo("words") ? Parts(match.Value) : rule.AppliesTo("names") ? [match.Value] : [];
                    if (parts.Any(part => pattern.Match(part) is { Success: true, Index: 0 } whole && whole.Length == part.Length))
                        yield return (match.Index, rule.Name, match.Value);
                }
            }
        }
    }

    private static IEnumerable<(int Offset, string Text)> InProse(Regex pattern, string prose)
    {
        // A block may start at the first character.
        foreach (Match match in pattern.Matches("\0 " + prose + "\0"))
        {
            var lead = match.Length - match.Value.TrimStart('\0', ' ', '.', '!', '?', ';', '"', '\'', ')', '*').Length;
            var at = Math.Clamp(match.Index + lead - 2, 0, Math.Max(0, prose.Length - 1));
            yield return (at, Excerpt(prose, Math.Max(0, at - 25), 90));
        }
    }

    private static bool StartsAt(Regex pattern, string text, int index) =>
        pattern.Match(text, index) is { Success: true } match && match.Index == index;

    private static bool IsSkipped(string folder) => SkippedFolders.Contains(folder) || (folder.StartsWith('.') && folder != ".ci");

    private static bool IsHeading(string text, int offset) => text[text.LastIndexOf('\n', offset) + 1] == '#';

    /// <summary>Returns the words of an identifier. An identifier with underscores is the name of a test and has none here.</summary>
    private static IEnumerable<string> Parts(string name) =>
        name.Trim('_').Contains('_') ? [] : Part().Matches(name).Select(part => char.ToUpperInvariant(part.Value[0]) + part.Value[1..]);

    private static string Excerpt(string text, int index, int length)
    {
        var part = text.Substring(index, Math.Min(length, text.Length - index)).Replace("///", "", StringComparison.Ordinal);
        return Space().Replace(part.Replace('\0', ' ').Replace('¤', '·'), " ").Trim();
    }

    [GeneratedRegex(@"[A-Za-z_]\w*")]
    private static partial Regex Identifier();

    [GeneratedRegex("[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+")]
    private static partial Regex Part();

    [GeneratedRegex(@"<summary>(?:\s|/{3})*")]
    private static partial Regex Summary();

    [GeneratedRegex(@"/\*\*[\s*]+")]
    private static partial Regex ScriptSummary();

    [GeneratedRegex(@"\0\s+")]
    private static partial Regex BlockStart();

    [GeneratedRegex(@"\b(?:Task|void|ValueTask)\s+(?<name>\w+_\w+)\(")]
    private static partial Regex TestMethod();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
