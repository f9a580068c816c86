using System.Reflection;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using Hype.Benchmarks;
using Hype.Benchmarks.Budgets;
using Hype.Benchmarks.Forward;
using Hype.Benchmarks.Parts;

// `-- forward` measures the packet path end to end.
if (args is ["forward", .. var options])
    return await ForwardBenchmark.RunAsync(options);
// `-- bare ADDRESSES BYTES` prints the cost of a bare sendmmsg on this machine, in µs of CPU per datagram.
if (args is ["bare", var addresses, var bytes])
    return BareCommand.Run(addresses, bytes);
// `-- growth [--quick]` measures how the cost grows with members and channels.
if (args is ["growth", .. var growth])
    return await Growth.RunAsync(growth is ["--quick"] ? Pace.Quick : Pace.Whole);
// `-- budgets` compares the allocations of the benchmarks below with budgets.json; tests/run calls it.
if (args is ["budgets"])
    return BudgetCheck.Run();
// All other arguments go to BenchmarkDotNet, which measures time and memory of the parts (-c Release):
//   -- --list flat                                  their names
//   -- --filter '*'                                 all of them, a quarter of an hour
//   -- --filter '*' --job short                     all of them, five minutes, with wider errors
//   -- --filter '*.Srtp.*' --job short              one class; '*encrypted*' matches method names
// Reports are written to artifacts/benchmarks below the current directory.
var config = DefaultConfig.Instance
    .WithArtifactsPath(Path.Combine("artifacts", "benchmarks"))
    .WithSummaryStyle(SummaryStyle.Default.WithMaxParameterColumnWidth(SrtpProfiles.CounterMode.Length))
    .HideColumns("InvocationCount", "UnrollFactor", "Median", "Toolchain")
    .AddJob(OwnProcess.Job);
var summaries = BenchmarkSwitcher.FromAssembly(Assembly.GetExecutingAssembly()).Run(args, config);
return summaries.All(summary => !summary.HasCriticalValidationErrors && summary.Reports.All(report => report.Success)) ? 0 : 1;
