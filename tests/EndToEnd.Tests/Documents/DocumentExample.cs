using System.Text.RegularExpressions;
using Hype.EndToEnd.Tests.Testing;

namespace Hype.EndToEnd.Tests.Documents;

/// <summary>A <c>curl</c> or <c>grpcurl</c> command of a document's code block, with its documented outcome.</summary>
/// <param name="Page">The path in the repository.</param>
/// <param name="Line">From 1.</param>
/// <param name="Given">The assignments of the block before the command.</param>
/// <param name="Command">The unchanged text, including its comment.</param>
/// <param name="Status">The HTTP status with which its comment begins; null: any success.</param>
/// <param name="IsEndless">Its comment says <c>until Ctrl-C</c>: the test ends it when it has begun to answer.</param>
/// <param name="Answer">The JSON below it; empty when the document shows none.</param>
internal sealed partial record DocumentExample(
    string Page, int Line, string Given, string Command, int? Status, bool IsEndless, string Answer)
{
    public bool IsGrpc => Command.StartsWith("grpcurl ", StringComparison.Ordinal);

    public override string ToString() => $"{Page}:{Line}";

    /// <summary>The examples of all pages.</summary>
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
        var below = lines.Skip(last + 1)
            .TakeWhile(line => line.Length > 0 && !line.StartsWith("```", StringComparison.Ordinal) && !Request().IsMatch(line));
        var answer = string.Join('\n', below);
        var comment = command.LastIndexOf("  #", StringComparison.Ordinal) is var at and >= 0 ? command[(at + 3)..].Trim() : "";
        return new DocumentExample(
            page, first + 1, given, command,
            StatusNumber().Match(comment) is { Success: true } status
                ? int.Parse(status.Value, System.Globalization.CultureInfo.InvariantCulture) : null,
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
