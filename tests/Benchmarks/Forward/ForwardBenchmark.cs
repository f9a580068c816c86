using System.Text.Json;
using Hype.MediaNode.Ciphers;

namespace Hype.Benchmarks.Forward;

/// <summary>
/// Implements <c>-- forward</c>: measures the costs of the packet path in one run, and prints them as a table, each with its limit.
/// <code>
///   --quick       in less than 45 s: without the longer parts (openssl, cascade, workers, rates)
///   --json        one JSON object instead of the table
///   --only PART   path, openssl, steady, drop, latency, cascade, workers, memory, handshakes or rates
/// </code>
/// </summary>
internal sealed class ForwardBenchmark(Pace pace, bool json)
{
    // µs, if the path part was not selected: only determines the number of rooms for half a load.
    private const double UsualCpuPerPacket = 3.3;

    private readonly List<Figure> _figures = [];
    private int _failures;
    private double _cpuPerPacket = UsualCpuPerPacket;

    /// <returns>0: every goal is met; 1: a goal is missed, or could not be measured; 2: unknown options.</returns>
    public static async Task<int> RunAsync(string[] options)
    {
        var only = Array.IndexOf(options, "--only") is var at and >= 0 && at + 1 < options.Length ? options[at + 1] : null;
        var benchmark = new ForwardBenchmark(options.Contains("--quick") ? Pace.Quick : Pace.Whole, options.Contains("--json"));
        var parts = benchmark.Parts().Where(part => only is null ? !(part.Slow && options.Contains("--quick")) : part.Name == only)
            .ToList();
        if (parts.Count == 0 || (only is null && options.Contains("--only")) || options.Except(["--quick", "--json", "--only", only])
            .Any())
        {
            await Console.Error.WriteLineAsync(
                $"forward: the options are --quick, --json and --only {string.Join('|', benchmark.Parts().Select(part => part.Name))}");
            return 2;
        }

        foreach (var part in parts)
        {
            try
            {
                await part.Measure();
            }
            catch (InvalidOperationException exception)
            {
                // A packet was lost or changed, or a process did not start: this part has no figure, and the others still count.
                benchmark._failures++;
                await Console.Error.WriteLineAsync($"! {part.Name}: {exception.Message}");
            }
        }

        return benchmark.Conclude();
    }

    private IEnumerable<(string Name, bool Slow, Func<Task> Measure)> Parts() =>
    [
        ("path", false, async () =>
        {
            (var ratio, _cpuPerPacket) = await PathCost.RatioAsync("ratio_gcm", Profile.Gcm, pace, limit: 1.25);
            Say(ratio);
            Say((await PathCost.RatioAsync("ratio_cm", Profile.CounterMode, pace, limit: 1.35)).Ratio);
        }),
        ("openssl", true, async () => Say(
            (await PathCost.RatioAsync("ratio_gcm_openssl", Profile.Gcm, pace, limit: null, AesEngine.OpenSsl)).Ratio)),
        ("steady", false, async () => Say(await PathCost.SteadyAsync(pace))),
        ("drop", false, () =>
        {
            Say(DropCost.Measure());
            return Task.CompletedTask;
        }),
        ("latency", false, async () => Say(await Latency.MeasureAsync(_cpuPerPacket, pace))),
        ("cascade", true, async () => Say(await Cascade.MeasureAsync(pace))),
        ("workers", true, async () => Say(await PathCost.TwoWorkersAsync(pace))),
        ("memory", false, async () => Say(await EndpointMemory.MeasureAsync())),
        ("handshakes", false, async () => Say(await Handshakes.MeasureAsync(pace.Handshakes))),
        ("rates", true, async () => Say(await RealRate.MeasureAsync(pace))),
    ];

    private int Conclude()
    {
        var missed = _figures.Count(figure => !figure.IsMet) + _failures;
        Console.WriteLine(
            json ? JsonSerializer.Serialize(_figures.ToDictionary(figure => figure.Key, figure => Math.Round(figure.Value, 4)))
            : missed == 0 ? "every goal is met"
            : $"{missed} of {_figures.Count(figure => figure.Limit is not null)} goals are missed or could not be measured: "
                + "the lines with an exclamation mark");
        return missed == 0 ? 0 : 1;
    }

    private void Say(params Figure[] figures)
    {
        _figures.AddRange(figures);
        foreach (var figure in figures)
        {
            if (!json)
                Console.WriteLine(
                    $"{(figure.IsMet ? ' ' : '!')} {figure.What,-78} {figure.Value,10:#,0.###} {figure.Unit,-2} "
                    + $"{(figure.Limit is { } limit ? $"≤ {limit:#,0.##}" : ""),-10} {figure.Note}");
        }
    }
}
