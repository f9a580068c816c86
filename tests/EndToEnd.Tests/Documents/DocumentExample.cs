using System.Text.RegularExpressions;
using Hype.EndToEnd.Tests.Testing;

namespace Hype.EndToEnd.Tests.Documents;

/// <summary>A <c>curl</c> or <c>grpcurl</c> command of a document's code block, with what the document says of it.</summary>
/// <param name="Page">Below the repository.</param>
/// <param name="Line">From 1.</param>
/// <param name="Given">Assignments of the block, as far as this one.</param>
/// <param name="Command">As it stands there, its comment too.</param>
/// <param name="Status">Of HTTP: the number that its comment begins with; null: any of success.</param>
/// <param name="IsEndless">Its comment says <c>until Ctrl-C</c>: it is over when it has begun to answer.</param>
/// <param name="Answer">The JSON below it; empty when the document shows none.</param>
internal sealed partial record DocumentExample(string Page, int Line, string Given, string Command, int? Status, bool IsEndless, string Answer)
{
    public bool IsGrpc => Command.StartsWith("grpcurl ", StringComparison.Ordinal);

    public override string ToString() => $"{Page}:{Line}";

    /// <summary>Those of every page that people read.</summary>
    public static IEnumerable<DocumentExample> All() =>
        Directory.EnumerateFiles(Path.Combine(RepositoryPaths.Root, "docs"), "*.md")
            .Append(Path.Combine(RepositoryPaths.Root, "README.md"))
            .Order(StringComparer.Ordinal)
            .SelectMany(path => Read(Path.GetRelativePath(RepositoryPaths.Root, path), File.ReadAllLines(path)));

    /// <summary>The examples of one page.</summary>
    public static IEnumerable<DocumentExample> Read(string page, IReadOnlyList<string> lines)
    {
        var (inBlock, given) = (false, "");
        for (var i = 0; i < lines.Count; i++)
        {
            if (lines[i].StartsWith("```", StringComparison.Ordinal))
                (inBlock, given) = (!inBlock, "");
            else if (inBlock && Request().IsMatch(lines[i]))
                yield return ReadOne(page, lines, i, given);
            else if (inBlock && Preparation().IsMatch(lines[i]))
                given += lines[i] + "\n";
        }
    }

    private static DocumentExample ReadOne(string page, IReadOnlyList<string> lines, int first, string given)
    {
        var last = first;
        while (lines[last].EndsWith('\\'))
            last++;
        var command = string.Join('\n', lines.Skip(first).Take(last - first + 1));
        var answer = string.Join('\n', lines.Skip(last + 1).TakeWhile(line => line.Length > 0 && !line.StartsWith("```", StringComparison.Ordinal) && !Request().IsMatch(line)));
        var comment = command.LastIndexOf("  #", StringComparison.Ordinal) is var at and >= 0 ? command[(at + 3)..].Trim() : "";
        return new DocumentExample(
            page, first + 1, given, command,
            StatusNumber().Match(comment) is { Success: true } status ? int.Parse(status.Value, System.Globalization.CultureInfo.InvariantCulture) : null,
            comment.StartsWith("until Ctrl-C", StringComparison.Ordinal),
            answer.StartsWith('{') || answer.StartsWith('[') ? answer : "");
    }

    [GeneratedRegex("^(curl|grpcurl) ")]
    private static partial Regex Request();

    [GeneratedRegex("^[A-Z_]+=")]
    private static partial Regex Preparation();

    [GeneratedRegex(@"^\d{3}\b")]
    private static partial Regex StatusNumber();
}
