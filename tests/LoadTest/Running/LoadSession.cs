using System.Text.Encodings.Web;
using System.Text.Json;
using Hype.LoadTest.Display;
using Hype.LoadTest.Options;
using Hype.LoadTest.Processes;
using Hype.LoadTest.Reporting;
using Hype.LoadTest.Targets;
using Spectre.Console;

namespace Hype.LoadTest.Running;

/// <summary>
/// Executes a validated command line: performs the run, shows its progress, writes the report and returns the exit code.
/// </summary>
internal static class LoadSession
{
    public const int Passed = 0;
    public const int LimitMissed = 1;

    /// <summary>The exit code if arguments are invalid, or if the target cannot be used.</summary>
    public const int NotRun = 2;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static async Task<int> ExecuteAsync(LoadOptions options, CancellationToken stop)
    {
        try
        {
            options = options with { LocalAddress = await LocalAddress.TowardsAsync(options.Url, stop) };
            await using var target = VoiceTargets.Create(options);
            var meter = new ProcessMeter(
                options.Processes.Count > 0 ? options.Processes : ListeningProcesses.At(options.Url, options.LocalAddress));
            LoadReport report;
            using (var display = NewDisplay(options))
                report = await new LoadRun(options, target, meter, display).RunAsync(stop);
            Publish(report, options);
            return report.Missed.Count == 0 ? Passed : LimitMissed;
        }
        catch (TargetException exception)
        {
            await Console.Error.WriteLineAsync($"hype-load: {exception.Message}");
            return NotRun;
        }
        catch (HttpRequestException exception)
        {
            await Console.Error.WriteLineAsync($"hype-load: {options.Url} did not answer as it should: {exception.Message}");
            return NotRun;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("hype-load: stopped before the first join.");
            return NotRun;
        }
    }

    private static void Publish(LoadReport report, LoadOptions options)
    {
        if (options.Json)
            Console.Out.WriteLine(JsonSerializer.Serialize(report, Json));
        else
            ReportText.Write(report, Console.Out);
        if (options.Picture is not { } file || report.Media is null)
            return;
        File.WriteAllText(file.FullName, Picture.Draw(report));
        (options.Json ? Console.Error : Console.Out).WriteLine($"picture             {file.FullName}");
    }

    private static IProgressDisplay NewDisplay(LoadOptions options) =>
        options.Json || Console.IsOutputRedirected || !AnsiConsole.Profile.Capabilities.Interactive ? new PlainLines(Console.Error)
            : new LiveTable(options);
}
