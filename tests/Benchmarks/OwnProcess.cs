using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Toolchains;
using BenchmarkDotNet.Toolchains.CsProj;
using BenchmarkDotNet.Toolchains.DotNetCli;

namespace Hype.Benchmarks;

/// <summary>
/// Builds each class of benchmarks into a process of its own, as BenchmarkDotNet does by default; but that looks for a project of the
/// assembly's name, and ours are named after their folders.
/// </summary>
internal sealed class OwnProcess() : CsProjGenerator(Framework, cliPath: Default, packagesPath: Default, runtimeFrameworkVersion: Default)
{
    private const string Framework = "net10.0";

    // BenchmarkDotNet's own default, though its annotations do not say so.
    private const string Default = null!;

    /// <summary>Changes whatever job is asked for, such as <c>--job short</c>, in these respects only.</summary>
    public static Job Job => Job.Default
        .WithToolchain(new Toolchain(Framework, new OwnProcess(), new DotNetCliBuilder(Framework), new DotNetCliExecutor(customDotNetCliPath: Default)))
        // Benchmarks that prepare each iteration run for milliseconds, and would be over before the JIT looks for what is worth optimising.
        .WithEnvironmentVariable("DOTNET_TC_CallCountingDelayMs", "0")
        .AsMutator();

    protected override FileInfo GetProjectFilePath(Type benchmarkTarget, ILogger logger)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (folder.GetFiles("Benchmarks.csproj") is [var project])
                return project;
        }
        throw new FileNotFoundException($"There is no Benchmarks.csproj above {AppContext.BaseDirectory}: run the benchmarks from the source tree.");
    }
}
