using System.Text.RegularExpressions;

namespace Hype.Contracts.Tests.Deployment;

/// <summary>Reads the stages of deploy/docker/Dockerfile.</summary>
internal static partial class Dockerfile
{
    // A backslash at the end of a line joins it with the next.
    private static readonly string[] Lines = Repository.Read(Path.Combine("deploy", "docker", "Dockerfile"))
        .Replace("\\\n", " ", StringComparison.Ordinal).Split('\n');

    /// <summary>Returns the instructions of a stage and of its base stages, the base first.</summary>
    public static IReadOnlyList<string> Stage(string name)
    {
        var start = Array.FindIndex(
            Lines, line => line.StartsWith("FROM ", StringComparison.Ordinal) && line.EndsWith($" AS {name}", StringComparison.Ordinal));
        if (start < 0)
            return [];
        var own = Lines.Skip(start + 1).TakeWhile(line => !line.StartsWith("FROM ", StringComparison.Ordinal));
        return [.. Stage(Lines[start].Split(' ')[1]), .. own];
    }

    public static IEnumerable<KeyValuePair<string, string>> Environment(string stage) =>
        Stage(stage).Where(line => line.StartsWith("ENV ", StringComparison.Ordinal))
            .SelectMany(line => Variable().Matches(line)
                .Select(match => KeyValuePair.Create(match.Groups[1].Value, match.Groups[2].Value.Trim('"'))));

    [GeneratedRegex(@"(\w+)=(""[^""]*""|\S+)")]
    private static partial Regex Variable();
}
