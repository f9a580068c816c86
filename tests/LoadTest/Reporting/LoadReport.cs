using Hype.MediaClient;

namespace Hype.LoadTest.Reporting;

/// <summary>All figures of a run: the source of the output of <c>--json</c>, of the text and of the picture.</summary>
internal sealed record LoadReport
{
    public required RunFigures Run { get; init; }

    public required JoinFigures Joins { get; init; }

    /// <summary>The figures about the audio: loss, delay, silence and quality; null in control-only runs.</summary>
    public required MediaFigures? Media { get; init; }

    /// <summary>The figures about the hostile member; null: the run had none.</summary>
    public HostileFigures? Hostile { get; init; }

    public required SignalingFigures Signaling { get; init; }

    public required MoveFigures Moves { get; init; }

    /// <summary>The resource use of the server; null: its processes are not on this machine, or not readable.</summary>
    public required ServerFigures? Server { get; init; }

    public required ToolFigures Tool { get; init; }

    /// <summary>The figures of each second, counted from the first join.</summary>
    public required IReadOnlyList<SecondFigures> Timeline { get; init; }

    /// <summary>Hints for the interpretation of the figures.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>The reasons why the run failed, such as an exceeded limit, one sentence each; empty: the run has passed.</summary>
    public required IReadOnlyList<string> Missed { get; init; }
}

internal sealed record RunFigures(
    string Target, string Url, string Mode, string Talk, int Channels, int Participants, int Speakers, bool DeafSpeakers, int PayloadBytes,
        double SteadySeconds, double PacketLossPercent,
    double JitterMs, double ChurnPerMinute, int Seed);

/// <summary>The distribution of a time, in ms: the number of samples, three percentiles and the maximum.</summary>
internal sealed record Spread(long Count, double P50, double P95, double P99, double Max)
{
    public static Spread? Of(Histogram microseconds) => microseconds.Count == 0
        ? null
        : new(microseconds.Count, Ms(microseconds.Percentile(50)), Ms(microseconds.Percentile(95)), Ms(microseconds.Percentile(99)),
            Ms(microseconds.Max));

    private static double Ms(long microseconds) => Math.Round(microseconds / 1000.0, 3);
}

/// <param name="Failed">The number of failed joins, by reason.</param>
/// <param name="TotalMs">The time from the start of a join to connected media (control-only: to the admission).</param>
/// <param name="AdmittedMs">The time from the start of a join to the admission.</param>
/// <param name="FirstAudioMs">The time from the start of a listener's join to the first packet of any speaker.</param>
/// <param name="PerSecond">Successful joins ÷ the time from the first join to the last.</param>
/// <param name="Lost">The number of sessions that ended unexpectedly, by reason.</param>
internal sealed record JoinFigures(
    int Ok, IReadOnlyDictionary<string, int> Failed, Spread? TotalMs, Spread? AdmittedMs, Spread? FirstAudioMs, double PerSecond,
        IReadOnlyDictionary<string, int> Lost);

/// <param name="Said">Packets sent by speakers.</param>
/// <param name="Expected">Copies that listeners should have received.</param>
/// <param name="Received">Received copies, each counted once.</param>
/// <param name="Late">Received copies that were too late for a jitter buffer of 60 ms.</param>
/// <param name="NotSelected">Copies that the server did not forward because more participants talked than there are slots.</param>
/// <param name="OtherPath">Second copies that arrived on the other transport during a switch, as the protocol requires.</param>
/// <param name="Corrupt">Packets that passed authentication but whose content is wrong.</param>
/// <param name="DelayMs">The time from mouth to socket: from the sender's clock in the payload to the kernel's clock at arrival.</param>
/// <param name="SwitchGapMs">The longest silence of each listener around each switch.</param>
/// <param name="SilenceMs">The longest silence of each pair of listener and speaker: the speaker talked, and no new audio arrived.</param>
/// <param name="WorstSilences">The longest silences of all pairs, each with its channel, listener and speaker.</param>
internal sealed record MediaFigures(
    long Said, long Expected, long Received, long Lost, double LossPercent, long Late, long Duplicated, long NotSelected, long OtherPath,
        long Corrupt, Spread? DelayMs, Spread? JitterMs,
    Spread? SwitchGapMs, Spread? SilenceMs, IReadOnlyList<PairSilence> WorstSilences, double Mos, double MosWorstSecond);

/// <summary>The longest silence of one pair of listener and speaker: the speaker talked, and no new audio arrived.</summary>
/// <param name="Listener">The participant's number in the run.</param>
internal sealed record PairSilence(string Channel, uint Listener, uint Speaker, double LongestMs);

/// <summary>
/// The number of endpoints that moved to another media node, by method, and the times of sessions that were resumed on another socket.
/// </summary>
/// <param name="ResumeMs">The time from the loss of a socket to the resumed session on another one.</param>
internal sealed record MoveFigures(int Candidate, int IceRestart, int NewConnection, Spread? ResumeMs);

/// <param name="Sent">The datagrams that the hostile member sent.</param>
/// <param name="PerSecond">Datagrams per second while the member was connected.</param>
/// <param name="Joins">
/// Its successful joins. It joins again every few seconds, because the node no longer knows its rollover counter.
/// </param>
/// <param name="Failed">Its failed joins.</param>
internal sealed record HostileFigures(long Sent, double PerSecond, int Joins, int Failed);

/// <param name="EventsPerCpuSecond">Signaling messages per CPU second of the server; null: unknown.</param>
/// <param name="JoinsPerCpuSecond">Joins per CPU second of the server while participants joined; null: unknown.</param>
internal sealed record SignalingFigures(long Events, double? EventsPerCpuSecond, double? JoinsPerCpuSecond, int MostSessions);

/// <param name="CpuSeconds">The server's CPU time in the steady part of the run.</param>
/// <param name="CpuCores">The CPU seconds ÷ the length of the steady part.</param>
/// <param name="PacketsPerCpuSecond">
/// Forwarded copies per CPU second; null: the server forwarded none, or its mode was not <c>sfu</c>.
/// </param>
/// <param name="CpuMicrosecondsPerPacket">The CPU time of the server per forwarded copy, including all its other work.</param>
internal sealed record ServerFigures(
    IReadOnlyList<int> Processes, double CpuSeconds, double CpuCores, double ResidentMebibytes, double PeakMebibytes,
        double? PacketsPerCpuSecond, double? CpuMicrosecondsPerPacket);

/// <summary>The figures of this tool itself. If the tool could not keep up, the other figures do not describe the server alone.</summary>
/// <param name="SpeakerLagMs">The lateness of the tool's speakers relative to their schedule of one frame every 20 ms.</param>
internal sealed record ToolFigures(double CpuSeconds, Spread? SpeakerLagMs);

/// <param name="Second">The number of the second, counted from the first join.</param>
/// <param name="P50Ms">The median of the delay; null: no audio was received.</param>
internal sealed record SecondFigures(
    int Second, long Expected, long Received, long Late, double? P50Ms, double? P95Ms, double? P99Ms, double? MaxMs)
{
    public double LossPercent => Expected == 0 ? 0 : Math.Max(0, 100.0 * (Expected - Received) / Expected);

    /// <summary>The percentage of the expected copies that were lost or arrived late.</summary>
    internal double UnheardPercent => Expected == 0 ? 0 : Math.Max(0, 100.0 * (Expected - Received + Late) / Expected);
}
