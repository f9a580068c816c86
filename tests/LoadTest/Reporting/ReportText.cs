using System.Globalization;

namespace Hype.LoadTest.Reporting;

/// <summary>Writes the report as text: one aligned line per item, without colours, so that it can be pasted anywhere.</summary>
internal static class ReportText
{
    private const int NameWidth = 20;

    public static void Write(LoadReport report, TextWriter writer)
    {
        var run = report.Run;
        if (report.Media is null)
            Line(
                writer,
                "run",
                $"{run.Target} at {run.Url}, signaling only: {run.Participants} participants in each channel, "
                    + $"held for {run.SteadySeconds:0.0} s");
        else
            Line(
                writer,
                "run",
                $"{run.Target} at {run.Url}, mode {run.Mode}: {run.Channels} × {run.Participants} participants, {run.Speakers} speakers "
                    + $"each ({run.Talk}{(run.DeafSpeakers ? ", deaf" : "")}), {run.PayloadBytes} bytes, {run.SteadySeconds:0.0} s");
        if (run.PacketLossPercent > 0 || run.JitterMs > 0 || run.ChurnPerMinute > 0)
            Line(
                writer,
                "",
                $"at the client: {run.PacketLossPercent} % loss, {run.JitterMs} ms jitter each way; "
                    + $"{run.ChurnPerMinute} changes per minute");

        var joins = report.Joins;
        Line(writer, "joins", $"{joins.Ok} ok, {joins.Failed.Values.Sum()} failed{Reasons(joins.Failed)}; {joins.PerSecond}/s");
        if (joins.Lost.Count > 0)
            Line(writer, "lost sessions", $"{joins.Lost.Values.Sum()}{Reasons(joins.Lost)}");
        Spread(writer, report.Media is null ? "join to admission" : "join to media", joins.TotalMs);
        Spread(writer, "first audio", joins.FirstAudioMs);

        if (report.Media is { } media)
            WriteMedia(media, writer);
        if (report.Hostile is { } hostile)
            Line(writer, "hostile member",
                $"{hostile.Sent:N0} datagrams, {hostile.PerSecond:N0}/s; {hostile.Joins} joins, {hostile.Failed} failed");
        WriteMoves(report.Moves, writer);
        WriteServer(report, writer);
        foreach (var note in report.Notes)
            Line(writer, "note", $"{note}");
        foreach (var missed in report.Missed)
            Line(writer, "MISSED", $"{missed}");
    }

    private static void WriteMedia(MediaFigures media, TextWriter writer)
    {
        Line(writer, "packets",
            $"{media.Said:N0} said, {media.Expected:N0} copies expected, {media.Received:N0} received, "
                + $"{media.Lost:N0} lost ({media.LossPercent:0.####} %)");
        var notSelected = media.NotSelected > 0 ? $", {media.NotSelected:N0} not selected" : "";
        var otherPath = media.OtherPath > 0 ? $", {media.OtherPath:N0} on both paths of a switch" : "";
        Line(
            writer,
            "",
            $"{media.Late:N0} late, {media.Duplicated:N0} duplicated, {media.Corrupt:N0} corrupt{notSelected}{otherPath}");
        Spread(writer, "mouth to socket", media.DelayMs);
        Spread(writer, "jitter", media.JitterMs);
        Spread(writer, "switch gap", media.SwitchGapMs);
        Spread(writer, "longest silence", media.SilenceMs);
        if (media.WorstSilences is [{ LongestMs: > 0 } worst, ..])
            Line(writer, "", $"the longest: {worst.LongestMs:0.0} ms of {worst.Speaker} at {worst.Listener} in {worst.Channel}");
        Line(writer, "MOS (E-model)", $"{media.Mos:0.00}, worst second {media.MosWorstSecond:0.00}");
    }

    /// <summary>Writes the moves of endpoints and the resumed sessions; writes nothing if there were none.</summary>
    private static void WriteMoves(MoveFigures moves, TextWriter writer)
    {
        if (moves.Candidate + moves.IceRestart + moves.NewConnection > 0)
            Line(writer, "moves",
                $"{moves.Candidate} by candidate, {moves.IceRestart} by ICE restart, {moves.NewConnection} by new connection");
        Spread(writer, moves.ResumeMs is { } resumed ? $"resumed ({resumed.Count})" : "", moves.ResumeMs);
    }

    private static void WriteServer(LoadReport report, TextWriter writer)
    {
        var signaling = report.Signaling;
        Line(writer, "signaling",
            $"{signaling.Events:N0} events{PerCpu(signaling.EventsPerCpuSecond, "events")}"
                + $"{PerCpu(signaling.JoinsPerCpuSecond, "joins")}; {signaling.MostSessions:N0} sessions at once");
        if (report.Server is not { } server)
            return;
        Line(writer, "server",
            $"{server.CpuCores:0.00} cores, {server.ResidentMebibytes:N0} MiB (peak "
                + $"{server.PeakMebibytes:N0}), process {string.Join(", ", server.Processes)}");
        if (server.CpuMicrosecondsPerPacket is { } cost)
            Line(writer, "forwarding", $"{server.PacketsPerCpuSecond:N0} packets per CPU second, {cost:0.00} µs each");
    }

    private static string PerCpu(double? figure, string what) =>
        figure is { } value ? string.Create(CultureInfo.InvariantCulture, $", {value:N0} {what} per CPU second") : "";

    private static string Reasons(IReadOnlyDictionary<string, int> reasons) =>
        reasons.Count == 0 ? "" : $" ({string.Join(", ", reasons.Select(reason => $"{reason.Key} {reason.Value}"))})";

    private static void Spread(TextWriter writer, string name, Spread? spread)
    {
        if (spread is not null)
            Line(writer, name, $"p50 {spread.P50:0.00}  p95 {spread.P95:0.00}  p99 {spread.P99:0.00}  max {spread.Max:0.00} ms");
    }

    // Numbers have points: every process runs with the invariant culture (Directory.Build.props).
    private static void Line(TextWriter writer, string name, string text) => writer.WriteLine(name.PadRight(NameWidth) + text);
}
