using System.Globalization;
using Hype.LoadTest.Options;
using Hype.MediaClient;
using Spectre.Console;

namespace Hype.LoadTest.Display;

/// <summary>Redraws a panel in the terminal every second. A row of bars shows the last 40 values of each key figure.</summary>
internal sealed class LiveTable : IProgressDisplay
{
    private const int Past = 40;
    private const string Bars = "▁▂▃▄▅▆▇█";

    private readonly LoadOptions _options;
    private readonly Queue<double> _heard = [];
    private readonly Queue<double> _delay = [];
    private readonly TaskCompletionSource _over = new();
    private readonly TaskCompletionSource<LiveDisplayContext> _context = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _live;

    public LiveTable(LoadOptions options)
    {
        _options = options;
        _live = AnsiConsole.Live(new Text("joining …")).StartAsync(async context =>
        {
            _context.SetResult(context);
            await _over.Task;
        });
    }

    public void Show(Glance now, Glance before)
    {
        if (!_context.Task.IsCompletedSuccessfully)
            return;
        _context.Task.Result.UpdateTarget(Draw(now, before));
    }

    public void Dispose()
    {
        _over.TrySetResult();
        _live.GetAwaiter().GetResult();
    }

    private Panel Draw(Glance now, Glance before)
    {
        var seconds = Math.Max(0.001, (now.Elapsed - before.Elapsed).TotalSeconds);
        var heard = (now.Received - before.Received) / seconds;
        Remember(_heard, heard);
        Remember(_delay, now.Delay.Percentile(99));

        var grid = new Grid().AddColumn(new GridColumn().Width(14)).AddColumn(new GridColumn().Width(34)).AddColumn();
        void Row(string name, string value, string more = "") => grid.AddRow(
            new Markup($"[grey]{name}[/]"), new Markup(value), new Markup(more));

        Row("participants", Text($"[bold]{now.Present}[/] of {(_options.Ramp ? _options.MaxSessions : _options.TotalParticipants):N0}"),
            Trouble(now));
        if (!_options.ControlOnly)
        {
            Row("said", Text($"{(now.Said - before.Said) / seconds:N0} packets/s"));
            Row("heard", Text($"[bold]{heard:N0}[/] packets/s"), $"[green]{Chart(_heard)}[/]");
            Row("delay", Text($"p50 {Ms(now.Delay, 50)}   p99 [bold]{Ms(now.Delay, 99)}[/] ms"), $"[yellow]{Chart(_delay)}[/]");
            Row("late", Text($"{now.Late:N0} packets/s"), now.SwitchesUnderWay > 0 ? $"[aqua]{now.SwitchesUnderWay} change their path[/]"
                : "");
        }

        Row("server", now.ResidentMebibytes == 0 ? "[grey]not on this machine[/]"
            : Text($"{(now.CpuSeconds - before.CpuSeconds) / seconds:0.00} cores   {now.ResidentMebibytes:N0} MiB"));
        return new Panel(grid)
        {
            Header = new PanelHeader(
            $" hype-load · {Markup.Escape(_options.Url.ToString())} · {now.Elapsed:hh\\:mm\\:ss} "),
            Border = BoxBorder.Rounded
        };
    }

    private static string Trouble(Glance now) => (now.Failed, now.Lost) switch
    {
        (0, 0) => "",
        _ => Text($"[red]{now.Failed} could not join, {now.Lost} were lost[/]"),
    };

    private static void Remember(Queue<double> past, double value)
    {
        past.Enqueue(value);
        if (past.Count > Past)
            past.Dequeue();
    }

    private static string Chart(Queue<double> past)
    {
        var top = Math.Max(1e-9, past.Max());
        return string.Concat(past.Select(value => Bars[(int)Math.Min(Bars.Length - 1, value / top * Bars.Length)]));
    }

    private static string Ms(Histogram delay, double percent) =>
        (delay.Percentile(percent) / 1000.0).ToString("0.00", CultureInfo.InvariantCulture);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
