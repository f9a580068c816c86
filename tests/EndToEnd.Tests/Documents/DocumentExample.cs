using System.Text.RegularExpressions;
using Hype.EndToEnd.Tests.Testing;

namespace Hype.EndToEnd.Tests.Documents;

/// <summary>A <c>curl</c> or <c>grpcurl</c> command in a code block of a document, with the outcome that the document shows.</summary>
/// <param name="Page">The path of the document in the repository.</param>
/// <param name="Line">The number of the command's first line in the document, from 1.</param>
/// <param name="Given">The variable assignments that precede the command in its code block.</param>
/// <param name="Command">The text of the command as in the document, including its comment.</param>
/// <param name="Status">The HTTP status with which the command's comment begins; null: any status of success.</param>
/// <param name="IsEndless">True if the command's comment says <c>until Ctrl-C</c>: the test stops the command after two seconds.</param>
/// <param name="Answer">The JSON that the document shows below the command; empty if it shows none.</param>
internal sealed partial record DocumentExample(
    string Page, int Line, string Given, string Command, int? Status, bool IsEndless, string Answer)
{
    public bool IsGrpc => Command.StartsWith("grpcurl ", StringComparison.Ordinal);

    public override string ToString() => $"{Page}:{Line}";

    /// <summary>Reads the examples of all documents: docs/*.md and README.md.</summary>
    public static IEnumerable<DocumentExample> All() =>
        Directory.EnumerateFiles(Path.Combine(RepositoryPaths.Root, "docs"), "*.md")
            .Append(Path.Combine(RepositoryPaths.Root, "README.md"))
            .Order(StringComparer.Ordinal)
            .SelectMany(path => Read(Path.GetRelativePath(RepositoryPaths.Root, path), File.ReadAllLines(path)));

    /// <summary>Reads the examples of one document.</summary>
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
