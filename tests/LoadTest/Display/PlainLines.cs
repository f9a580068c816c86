using System.Globalization;

namespace Hype.LoadTest.Display;

/// <summary>Prints one line of figures every five seconds, for output that goes to a log or a pipe.</summary>
internal sealed class PlainLines(TextWriter writer) : IProgressDisplay
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private Glance _shown = Glance.Nothing;

    public void Show(Glance now, Glance before)
    {
        if (now.Elapsed - _shown.Elapsed < Interval)
            return;
        var seconds = (now.Elapsed - _shown.Elapsed).TotalSeconds;
        writer.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{now.Elapsed:hh\\:mm\\:ss}  in {now.Present}  failed {now.Failed}  lost {now.Lost}  said "
                + $"{(now.Said - _shown.Said) / seconds:0}/s  heard {(now.Received - _shown.Received) / seconds:0}/s  delay p50 "
                + $"{now.Delay.Percentile(50) / 1000.0:0.00} p99 {now.Delay.Percentile(99) / 1000.0:0.00} ms  server "
                + $"{(now.CpuSeconds - _shown.CpuSeconds) / seconds:0.00} cores {now.ResidentMebibytes:0} MiB"));
        _shown = now;
    }

    public void Dispose() => writer.Flush();
}
