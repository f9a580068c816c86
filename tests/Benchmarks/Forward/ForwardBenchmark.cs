using System.Text.Json;
using Hype.MediaNode.Ciphers;

namespace Hype.Benchmarks.Forward;

/// <summary>
/// <c>-- forward</c>: the table of what the packet path costs, each figure with its limit, measured in one run. <c>--quick</c> takes
/// less than 45 s, <c>--json</c> prints one JSON object instead of the table.
/// </summary>
internal static class ForwardBenchmark
{
    /// <returns>0: every goal is met; 1: one is missed; 2: unknown options.</returns>
    public static async Task<int> RunAsync(string[] options)
    {
        if (options.Except(["--quick", "--json"]).FirstOrDefault() is { } unknown)
        {
            await Console.Error.WriteLineAsync($"forward: unknown option {unknown}; there are --quick and --json");
            return 2;
        }
        var quick = options.Contains("--quick");
        var json = options.Contains("--json");
        var windows = quick ? Windows.Quick : Windows.Whole;
        var figures = new List<Figure>();

        var (gcm, cpuPerPacket) = await PathCost.RatioAsync("ratio_gcm", Profile.Gcm, windows, 1.25);
        figures.Add(Said(gcm));
        figures.Add(Said((await PathCost.RatioAsync("ratio_cm", Profile.CounterMode, windows, 1.35)).Ratio));
        if (!quick)
            figures.Add(Said((await PathCost.RatioAsync("ratio_gcm_openssl", Profile.Gcm, windows, null, AesEngine.OpenSsl)).Ratio));
        figures.AddRange((await PathCost.SteadyAsync(windows)).Select(Said));
        figures.AddRange((await RealRate.MeasureAsync(windows)).Select(Said));
        figures.AddRange((await Latency.MeasureAsync(cpuPerPacket, windows)).Select(Said));
        figures.Add(Said(await PathCost.TwoWorkersAsync(windows)));
        figures.Add(Said(await EndpointMemory.MeasureAsync()));
        figures.Add(Said(await Handshakes.MeasureAsync(quick ? 100 : 500)));

        if (json)
            Console.WriteLine(JsonSerializer.Serialize(figures.ToDictionary(figure => figure.Key, figure => Math.Round(figure.Value, 4))));
        var missed = figures.Count(figure => !figure.IsMet);
        if (!json)
            Console.WriteLine(missed == 0 ? "every goal is met" : $"{missed} goals are missed");
        return missed == 0 ? 0 : 1;

        Figure Said(Figure figure)
        {
            if (!json)
                Console.WriteLine($"{(figure.IsMet ? ' ' : '!')} {figure.What,-78} {figure.Value,10:#,0.###} {figure.Unit,-2} {(figure.Limit is { } limit ? $"≤ {limit:#,0.##}" : ""),-10} {figure.Note}");
            return figure;
        }
    }
}
