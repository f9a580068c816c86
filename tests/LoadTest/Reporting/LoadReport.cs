using Hype.MediaClient;

namespace Hype.LoadTest.Reporting;

/// <summary>All measurements of a run: the source of <c>--json</c>, the text and the picture.</summary>
internal sealed record LoadReport
{
    public required RunFigures Run { get; init; }

    public required JoinFigures Joins { get; init; }

    /// <summary>The figures of the media; null in control-only runs.</summary>
    public required MediaFigures? Media { get; init; }

    public required SignalingFigures Signaling { get; init; }

    public required MoveFigures Moves { get; init; }

    /// <summary>The figures of the server's processes; null: they are not on this machine, or not readable.</summary>
    public required ServerFigures? Server { get; init; }

    public required ToolFigures Tool { get; init; }

    /// <summary>Second by second, from the first join.</summary>
    public required IReadOnlyList<SecondFigures> Timeline { get; init; }

    /// <summary>Hints for the interpretation of the figures.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>The missed limits; empty: the run has passed.</summary>
    public required IReadOnlyList<string> Missed { get; init; }
}

internal sealed record RunFigures(
    string Target, string Url, string Mode, string Talk, int Channels, int Participants, int Speakers, bool DeafSpeakers, int PayloadBytes,
        double SteadySeconds, double PacketLossPercent,
    double JitterMs, double ChurnPerMinute, int Seed);

/// <summary>The distribution of a figure, in ms; nulls without samples.</summary>
internal sealed record Spread(long Count, double P50, double P95, double P99, double Max)
{
    public static Spread? Of(Histogram microseconds) => microseconds.Count == 0
        ? null
        : new(microseconds.Count, Ms(microseconds.Percentile(50)), Ms(microseconds.Percentile(95)), Ms(microseconds.Percentile(99)),
            Ms(microseconds.Max));

    private static double Ms(long microseconds) => Math.Round(microseconds / 1000.0, 3);
}

/// <param name="Failed">The number of failed joins, by reason.</param>
/// <param name="TotalMs">From the first byte to connected media (control-only: to the admission).</param>
/// <param name="AdmittedMs">To the admission.</param>
/// <param name="FirstAudioMs">To the first packet of any speaker, for listeners.</param>
/// <param name="PerSecond">Successful joins ÷ the time from the first join to the last.</param>
/// <param name="Lost">Sessions that ended unexpectedly, by reason.</param>
internal sealed record JoinFigures(
    int Ok, IReadOnlyDictionary<string, int> Failed, Spread? TotalMs, Spread? AdmittedMs, Spread? FirstAudioMs, double PerSecond,
        IReadOnlyDictionary<string, int> Lost);

/// <param name="Said">Packets sent by speakers.</param>
/// <param name="Expected">Copies that listeners should have received.</param>
/// <param name="Received">Received copies, each counted once.</param>
/// <param name="Late">Received copies that were too late for a jitter buffer of 60 ms.</param>
/// <param name="NotSelected">Copies that the server did not forward because more participants talked than it has slots.</param>
/// <param name="OtherPath">Second copies on the other transport during a switch, as the protocol requires.</param>
/// <param name="Corrupt">Authentic packets with wrong content.</param>
/// <param name="DelayMs">From mouth to socket: the sender's clock in the payload, the kernel's at arrival.</param>
/// <param name="SwitchGapMs">The longest silence of each listener around each switch.</param>
/// <param name="SilenceMs">The longest silence of each listener and speaker: the speaker spoke, and no new audio arrived.</param>
/// <param name="WorstSilences">The longest of these, with names.</param>
internal sealed record MediaFigures(
    long Said, long Expected, long Received, long Lost, double LossPercent, long Late, long Duplicated, long NotSelected, long OtherPath,
        long Corrupt, Spread? DelayMs, Spread? JitterMs,
    Spread? SwitchGapMs, Spread? SilenceMs, IReadOnlyList<PairSilence> WorstSilences, double Mos, double MosWorstSecond);

/// <summary>The longest silence of one listener and speaker.</summary>
/// <param name="Listener">The participant's number in the run.</param>
internal sealed record PairSilence(string Channel, uint Listener, uint Speaker, double LongestMs);

/// <summary>The number of moves of endpoints to another media node, by method, and of sessions to another socket.</summary>
/// <param name="ResumeMs">From the loss of a socket to the resumed session on another one.</param>
internal sealed record MoveFigures(int Candidate, int IceRestart, int NewConnection, Spread? ResumeMs);

/// <param name="EventsPerCpuSecond">Per CPU second of the server; null: unknown.</param>
/// <param name="JoinsPerCpuSecond">Per CPU second of the server while participants joined; null: unknown.</param>
internal sealed record SignalingFigures(long Events, double? EventsPerCpuSecond, double? JoinsPerCpuSecond, int MostSessions);

/// <param name="CpuSeconds">CPU in the steady part of the run.</param>
/// <param name="CpuCores">The same ÷ its length.</param>
/// <param name="PacketsPerCpuSecond">Copies forwarded; null in control-only runs.</param>
/// <param name="CpuMicrosecondsPerPacket">For each forwarded copy, everything included.</param>
internal sealed record ServerFigures(
    IReadOnlyList<int> Processes, double CpuSeconds, double CpuCores, double ResidentMebibytes, double PeakMebibytes,
        double? PacketsPerCpuSecond, double? CpuMicrosecondsPerPacket);

/// <summary>The tool itself: if it could not keep up, the other figures are not only the server's.</summary>
/// <param name="SpeakerLagMs">The lateness of its speakers relative to their 20 ms.</param>
internal sealed record ToolFigures(double CpuSeconds, Spread? SpeakerLagMs);

/// <param name="Second">Counted from the first join.</param>
/// <param name="P50Ms">Null: no audio was received.</param>
internal sealed record SecondFigures(
    int Second, long Expected, long Received, long Late, double? P50Ms, double? P95Ms, double? P99Ms, double? MaxMs)
{
    public double LossPercent => Expected == 0 ? 0 : Math.Max(0, 100.0 * (Expected - Received) / Expected);

    /// <summary>The copies that were lost or late, in percent of the expected ones.</summary>
    internal double UnheardPercent => Expected == 0 ? 0 : Math.Max(0, 100.0 * (Expected - Received + Late) / Expected);
}
