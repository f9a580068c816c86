using System.Globalization;
using System.Security;
using System.Text;

namespace Hype.LoadTest.Reporting;

/// <summary>
/// Draws the run over time as an SVG: the upper chart shows the p50, p95 and p99 of the delay per second, the lower one the loss. All
/// colours are legible on white and on black; the background is transparent.
/// </summary>
internal static class Picture
{
    private const int Width = 960;
    private const int Height = 528;
    private const int Left = 72;
    private const int Right = 24;
    private const int DelayTop = 104;
    private const int DelayBottom = 324;
    private const int LossTop = 380;
    private const int LossBottom = 472;

    private const string Ink = "#7d8590";
    private const string Grid = "#7d8590";

    /// <summary>The curves of the delay: name, colour, and the figure of a second that the curve shows.</summary>
    private static readonly (string Name, string Colour, Func<SecondFigures, double?> Of)[] Delays =
    [
        ("p50", "#2f81f7", second => second.P50Ms),
        ("p95", "#bf8700", second => second.P95Ms),
        ("p99", "#db61a2", second => second.P99Ms),
    ];

    private const string LossColour = "#e5534b";

    public static string Draw(LoadReport report)
    {
        var seconds = report.Timeline;
        var length = Math.Max(1, seconds.Count);
        var svg = new StringBuilder();
        Line(
            svg,
            $"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {Height}" width="{Width}" height="{Height}" """,
            $"""font-family="system-ui, sans-serif" font-size="13" fill="{Ink}" role="img" aria-label="Delay and loss over time">""");
        DrawTitle(svg, report);

        var delayTop = NiceTop(seconds.Select(second => second.P99Ms ?? 0).DefaultIfEmpty(0).Max());
        DrawFrame(svg, DelayTop, DelayBottom, delayTop, "mouth to socket, ms");
        for (var i = 0; i < Delays.Length; i++)
        {
            var (name, colour, of) = Delays[i];
            DrawCurve(svg, seconds, of, colour, second => X(second, length), value => Y(value, delayTop, DelayTop, DelayBottom));
            DrawLegend(svg, Width - Right - (60 * (Delays.Length - i)) + 16, DelayTop - 12, name, colour);
        }

        var lossTop = NiceTop(Math.Max(1, seconds.Select(second => second.LossPercent).DefaultIfEmpty(0).Max()));
        DrawFrame(svg, LossTop, LossBottom, lossTop, "loss, %");
        foreach (var second in seconds.Where(second => second.LossPercent > 0))
        {
            var y = Y(second.LossPercent, lossTop, LossTop, LossBottom);
            Line(
                svg,
                $"""<rect x="{X(second.Second, length):0.##}" y="{y:0.##}" """,
                $"""width="{Math.Max(1, (X(1, length) - X(0, length)) * 0.8):0.##}" """,
                $"""height="{LossBottom - y:0.##}" fill="{LossColour}"/>""");
        }

        DrawTimeAxis(svg, length);
        Line(svg, "</svg>");
        return svg.ToString();
    }

    private static void DrawTitle(StringBuilder svg, LoadReport report)
    {
        var run = report.Run;
        Text(
            svg,
            Left,
            30,
            $"{run.Channels} × {run.Participants} participants, {run.Speakers} speakers each ({run.Talk}), mode {run.Mode}",
            "start",
            "font-size=\"17\" font-weight=\"600\"");
        if (report.Media is { } media)
            Text(
                svg,
                Left,
                52,
                $"{media.Received:N0} of {media.Expected:N0} packets received, {media.LossPercent:0.###} % lost · delay p50 "
                    + $"{media.DelayMs?.P50:0.00} ms, p99 {media.DelayMs?.P99:0.00} ms · MOS {media.Mos:0.00}",
                "start");
    }

    private static void DrawFrame(StringBuilder svg, int top, int bottom, double highest, string name)
    {
        const int steps = 4;
        Text(svg, Left, top - 12, $"{name}", "start", "font-weight=\"600\"");
        for (var i = 0; i <= steps; i++)
        {
            var value = highest * i / steps;
            var y = Y(value, highest, top, bottom);
            Line(
                svg,
                $"""<line x1="{Left}" y1="{y:0.##}" x2="{Width - Right}" y2="{y:0.##}" """,
                $"""stroke="{Grid}" stroke-opacity="{(i == 0 ? 0.9 : 0.25)}"/>""");
            Text(svg, Left - 10, y + 4, $"{value:0.###}", "end");
        }
    }

    private static void DrawTimeAxis(StringBuilder svg, int length)
    {
        var step = TimeStep(length);
        for (var second = 0; second <= length; second += step)
        {
            Line(
                svg,
                $"""<line x1="{X(second, length):0.##}" y1="{LossBottom}" """,
                $"""x2="{X(second, length):0.##}" y2="{LossBottom + 6}" stroke="{Grid}"/>""");
            Text(svg, X(second, length), LossBottom + 22, $"{second}", "middle");
        }

        Text(svg, (Left + Width - Right) / 2.0, Height - 10, "seconds since the first join", "middle");
    }

    /// <summary>Draws a line through the seconds that have a value; the line has a gap where a second has none.</summary>
    private static void DrawCurve(StringBuilder svg, IReadOnlyList<SecondFigures> seconds, Func<SecondFigures, double?> of, string colour,
        Func<double, double> x, Func<double, double> y)
    {
        var path = new StringBuilder();
        var pen = 'M';
        foreach (var second in seconds)
        {
            if (of(second) is not { } value)
            {
                pen = 'M';
                continue;
            }

            path.Append(CultureInfo.InvariantCulture, $"{pen}{x(second.Second + 0.5):0.##} {y(value):0.##}");
            pen = 'L';
        }

        if (path.Length > 0)
            Line(
                svg,
                $"""<path d="{path}" fill="none" stroke="{colour}" stroke-width="2" stroke-linejoin="round" stroke-linecap="round"/>""");
    }

    private static void DrawLegend(StringBuilder svg, double x, double y, string name, string colour)
    {
        Line(
            svg,
            $"""<line x1="{x:0.##}" y1="{y - 4:0.##}" x2="{x + 14:0.##}" y2="{y - 4:0.##}" """,
            $"""stroke="{colour}" stroke-width="3" stroke-linecap="round"/>""");
        Text(svg, x + 19, y, $"{name}", "start");
    }

    private static double X(double second, int length) => Left + ((Width - Left - Right) * second / length);

    private static double Y(double value, double highest, int top, int bottom) => bottom - ((bottom - top) * Math.Min(1, value / highest));

    /// <summary>Returns the top of a chart's axis: the smallest 1, 2, 4, 6 or 8 × 10^n that is not below the value.</summary>
    internal static double NiceTop(double value)
    {
        if (value <= 0)
            return 1;
        var unit = Math.Pow(10, Math.Floor(Math.Log10(value)));
        return new[] { 1, 2, 4, 6, 8, 10 }.Select(times => times * unit).First(top => top >= value * 0.9999);
    }

    private static int TimeStep(int length) =>
        new[] { 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600 }.FirstOrDefault(step => length / step <= 12, Math.Max(1, length / 10));

    private static void Text(StringBuilder svg, double x, double y, string text, string anchor, string more = "") =>
        Line(
            svg,
            $"""<text x="{x:0.##}" y="{y:0.##}" text-anchor="{anchor}" {more}>""",
            $"""{SecurityElement.Escape(text)}</text>""");

    // Numbers have points: every process runs with the invariant culture (Directory.Build.props).
    private static void Line(StringBuilder svg, params ReadOnlySpan<string> parts)
    {
        foreach (var part in parts)
            svg.Append(part);
        svg.Append('\n');
    }
}
