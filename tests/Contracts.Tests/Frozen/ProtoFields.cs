using System.Text.RegularExpressions;

namespace Hype.Contracts.Tests.Frozen;

/// <summary>Reads the fields, values and calls of the .proto files, with the numbers that identify them on the wire.</summary>
internal static partial class ProtoFields
{
    private static readonly string[] Skipped = ["node_modules", "artifacts", "bin", "obj", "tests"];

    public static IEnumerable<string> Files() => Directory.EnumerateFiles(Repository.Root, "*.proto", SearchOption.AllDirectories)
        .Select(path => Path.GetRelativePath(Repository.Root, path))
        .Where(path => !path.Split(Path.DirectorySeparatorChar).Any(part => Skipped.Contains(part) || part.StartsWith('.')))
        .Order(StringComparer.Ordinal);

    /// <summary>
    /// Returns one line per field, value and call, under its package: <c>hype.noderegistry.v1.Register: string node_id = 1</c>.
    /// </summary>
    public static IEnumerable<string> Lines() => Files().SelectMany(file => Lines(Repository.Read(file))).Order(StringComparer.Ordinal);

    internal static IEnumerable<string> Lines(string proto)
    {
        var package = "";
        var scope = new Stack<string>();
        foreach (Match token in Token().Matches(Comment().Replace(proto, "")))
        {
            if (token.Groups["package"].Success)
                package = token.Groups["package"].Value;
            else if (token.Groups["open"].Success)
                scope.Push(token.Groups["open"].Value);
            else if (token.Groups["close"].Success && scope.Count > 0)
                scope.Pop();
            else if (token.Groups["statement"].Success && scope.Count > 0 && Statement(token.Groups["statement"].Value) is { } statement)
                yield return $"{package}.{string.Join('.', scope.Reverse().Where(name => name.Length > 0))}: {statement}";
        }
    }

    private static string? Statement(string text)
    {
        var words = Spaces().Replace(text.Trim(), " ");
        return words.StartsWith("option ", StringComparison.Ordinal) ? null : words;
    }

    [GeneratedRegex(@"//[^\n]*|/\*.*?\*/", RegexOptions.Singleline)]
    private static partial Regex Comment();

    // A oneof has no name on the wire: its fields belong to its message.
    [GeneratedRegex(
        @"\s*(?:package\s+(?<package>[\w.]+)\s*;|(?:message|enum|service)\s+(?<open>\w+)\s*\{|oneof\s+\w+\s*(?<open>)\{|"
            + @"(?<close>\})|(?<statement>[^;{}]+);)")]
    private static partial Regex Token();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
