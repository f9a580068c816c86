using System.Text.RegularExpressions;

namespace Hype.Contracts.Tests.Signaling;

/// <summary>Reads the parts of docs/signaling.md that can be compared with the code.</summary>
internal static partial class SignalingPage
{
    public const string Path = "docs/signaling.md";

    public static string Text { get; } = Repository.Read(Path);

    public static string ClientPart => Between("## Client → server", "## Server → client");

    public static string ServerPart => Between("## Server → client", "## Errors");

    public static IEnumerable<string> Headings(string part) => HeadingPattern().Matches(part).Select(match => match.Groups[1].Value);

    public static IEnumerable<string> Examples(string part) => ExamplePattern().Matches(part).Select(match => match.Groups[1].Value);

    /// <summary>Returns the cells of each row of the table under a heading.</summary>
    public static IEnumerable<string[]> Table(string heading) => Text[Text.IndexOf(heading, StringComparison.Ordinal)..]
        .Split('\n')
        .Skip(1)
        .SkipWhile(line => !line.StartsWith('|'))
        .TakeWhile(line => line.StartsWith('|'))
        .Skip(2)
        .Select(row => row.Trim('|').Split('|').Select(cell => cell.Trim().Trim('`')).ToArray());

    private static string Between(string from, string to)
    {
        var start = Text.IndexOf(from, StringComparison.Ordinal);
        return Text[start..Text.IndexOf(to, start, StringComparison.Ordinal)];
    }

    [GeneratedRegex(@"^### `(\w+)`", RegexOptions.Multiline)]
    private static partial Regex HeadingPattern();

    [GeneratedRegex(@"```json\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex ExamplePattern();
}
