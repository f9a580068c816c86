using System.Globalization;
using System.Text.RegularExpressions;

namespace Hype.Cluster.Tests.Testing;

/// <summary>One line of a process's log, and the time at which the process wrote it.</summary>
internal sealed record LogLine(DateTimeOffset At, string Text);

/// <summary>
/// Reads the log of one process of the cluster. The process starts each line with its time in <see cref="TimestampFormat"/>.
/// </summary>
internal sealed partial class ClusterLog(string path)
{
    public const string TimestampFormat = "yyyy-MM-ddTHH:mm:ss.ffffffZ|";

    /// <summary>
    /// Returns the lines of the log from an instant on, in order. Lines without a time, such as a stack trace, are skipped.
    /// </summary>
    public IReadOnlyList<LogLine> Since(DateTimeOffset from) => [.. Lines().Where(line => line.At >= from)];

    public IEnumerable<LogLine> Lines() =>
        from line in Text().Split('\n')
        let match = Timed().Match(line)
        where match.Success
        select new LogLine(DateTimeOffset.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal),
            match.Groups[2].Value);

    /// <summary>Returns the whole log, or an empty text if the process has never started.</summary>
    public string Text()
    {
        if (!File.Exists(path))
            return "";
        // The process is writing the file.
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(file);
        return reader.ReadToEnd();
    }

    [GeneratedRegex(@"^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z)\|(.*)$")]
    private static partial Regex Timed();
}
