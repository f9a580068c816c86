using System.Globalization;
using Hype.Cli.Api;
using Spectre.Console;

namespace Hype.Cli.Display;

/// <summary>Translates codes and numbers of the API into words for tables.</summary>
internal static class Words
{
    private const int BarCells = 10;

    // Above the first a node is busy, above the second it gets no new rooms while another node has capacity (Hype:Placement:LoadLimit).
    private const double Busy = 0.6;
    private const double Full = 0.8;

    public const string Away = "away";
    public const string NotStored = "This is in effect, but not stored yet: the storage is unavailable.";
    public const string Silenced = "muted by a moderator";

    /// <summary>
    /// Escapes text of unknown origin: its markup must not be interpreted, and its control characters must not reach the terminal.
    /// </summary>
    public static string Plain(string? text) => Markup.Escape(Printable(text));

    public static string Printable(string? text) => string.Concat((text ?? "").Where(character => !char.IsControl(character)));

    public static string Mode(string mode) => mode switch
    {
        "p2p" => "[teal]P2P[/]",
        "sfu" => "[mediumpurple1]SFU[/]",
        _ => Plain(mode),
    };

    public static string Reason(string reason) => reason switch
    {
        "created" => "initial mode",
        "aboveThreshold" => "too many for a mesh",
        "belowReturnThreshold" => "few enough for a mesh",
        "policy" => "configured",
        "peerConnectionFailed" => "two members could not connect",
        "nodeLost" => "its node was lost",
        "nodeDraining" => "its node is draining",
        "noMediaNode" => "no node had capacity",
        "requested" => "requested",
        _ => Plain(reason),
    };

    public static IReadOnlyList<string> States(ParticipantAnswer participant) =>
    [
        .. participant.Away ? [Away] : Array.Empty<string>(),
        .. participant.ServerMuted ? [Silenced] : Array.Empty<string>(),
        .. participant.Deafened ? ["deafened"] : participant.Muted ? ["muted"] : Array.Empty<string>(),
    ];

    public static string Load(double load)
    {
        var lit = (int)Math.Round(Math.Clamp(load, 0, 1) * BarCells);
        var colour = load > Full ? "red" : load > Busy ? "yellow" : "green";
        return Invariant($"[{colour}]{new string('█', lit)}[/][grey]{new string('░', BarCells - lit)}[/] {load * 100,3:0} %");
    }

    public static string Count(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>
    /// Formats the time between two instants. If <paramref name="then"/> is in the future, because clocks differ, the result is zero.
    /// </summary>
    public static string Span(DateTimeOffset then, DateTimeOffset now)
    {
        var span = now > then ? now - then : TimeSpan.Zero;
        return span < TimeSpan.FromMinutes(1) ? Invariant($"{span.TotalSeconds:0.0} s")
            : span < TimeSpan.FromHours(1) ? Invariant($"{span.TotalMinutes:0} min")
            : span < TimeSpan.FromDays(1) ? Invariant($"{span.TotalHours:0} h")
            : Invariant($"{span.TotalDays:0} d");
    }

    public static string Ago(DateTimeOffset then, DateTimeOffset now) => $"{Span(then, now)} ago";

    public static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
