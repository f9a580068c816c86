using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Toolchains;
using BenchmarkDotNet.Toolchains.CsProj;
using BenchmarkDotNet.Toolchains.DotNetCli;

namespace Hype.Benchmarks;

/// <summary>
/// Builds each class of benchmarks into a separate process, like BenchmarkDotNet's default toolchain. The default looks for a project
/// with the assembly's name, but the projects here are named after their folders.
/// </summary>
internal sealed class OwnProcess() : CsProjGenerator(Framework, cliPath: Default, packagesPath: Default, runtimeFrameworkVersion: Default)
{
    private const string Framework = "net10.0";

    // BenchmarkDotNet's own default, although its annotations do not declare it.
    private const string Default = null!;

    /// <summary>
    /// The settings that are added to each selected job, such as <c>--job short</c>: this toolchain and an environment variable.
    /// </summary>
    public static Job Job => Job.Default
        .WithToolchain(new Toolchain(
            Framework, new OwnProcess(), new DotNetCliBuilder(Framework), new DotNetCliExecutor(customDotNetCliPath: Default)))
        // Benchmarks that prepare each iteration run for milliseconds, and would end before the JIT starts to optimise.
        .WithEnvironmentVariable("DOTNET_TC_CallCountingDelayMs", "0")
        .AsMutator();

    protected override FileInfo GetProjectFilePath(Type benchmarkTarget, ILogger logger)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (folder.GetFiles("Benchmarks.csproj") is [var project])
                return project;
        }

        throw new FileNotFoundException(
            $"There is no Benchmarks.csproj above {AppContext.BaseDirectory}: run the benchmarks from the source tree.");
    }
}
