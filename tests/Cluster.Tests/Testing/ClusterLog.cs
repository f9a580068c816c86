using System.Globalization;
using System.Text.RegularExpressions;

namespace Hype.Cluster.Tests.Testing;

/// <summary>One line of a process' log with its time.</summary>
internal sealed record LogLine(DateTimeOffset At, string Text);

/// <summary>The log of a process of the cluster, with <see cref="LocalCluster"/>'s time format before each line.</summary>
internal sealed partial class ClusterLog(string path)
{
    public const string TimestampFormat = "yyyy-MM-ddTHH:mm:ss.ffffffZ|";

    /// <summary>Returns the lines from an instant on, in order; lines without a time are skipped.</summary>
    public IReadOnlyList<LogLine> Since(DateTimeOffset from) => [.. Lines().Where(line => line.At >= from)];

    public IEnumerable<LogLine> Lines() =>
        from line in Text().Split('\n')
        let match = Timed().Match(line)
        where match.Success
        select new LogLine(DateTimeOffset.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal),
            match.Groups[2].Value);

    /// <summary>Returns the whole log; empty if the process never started.</summary>
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
