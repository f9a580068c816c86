namespace Hype.Contracts.Tests.Deployment;

/// <summary>Reads a file that consists of lines NAME=VALUE and comments.</summary>
internal static class EnvironmentFile
{
    public static Dictionary<string, string> Read(string path) =>
        Repository.Read(path).Split('\n').Where(line => line.Contains('=') && !line.StartsWith('#'))
            .Select(line => line.Split('=', 2))
            .ToDictionary(line => line[0], line => line[1]);

    /// <summary>
    /// Returns the variables of the file. If the file leaves a variable empty, or its value ends with <c>=</c>, the result of <paramref
    /// name="value"/> for its name is appended.
    /// </summary>
    public static Dictionary<string, string> Fill(string path, Func<string, string> value) =>
        Read(path).ToDictionary(
            line => line.Key, line => line.Value.Length == 0 || line.Value.EndsWith('=') ? line.Value + value(line.Key) : line.Value);
}
