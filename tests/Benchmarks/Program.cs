using System.Reflection;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Running;
using Hype.Benchmarks.Budgets;

// `-- forward` measures the packet path end to end.
if (args is ["forward", ..])
    return 0;

// `-- budgets` checks what the benchmarks below allocate against budgets.json; tests/run does so.
if (args is ["budgets"])
    return BudgetCheck.Run();

// Anything else goes to BenchmarkDotNet, which measures time and memory of the parts (-c Release):
//   -- --list flat                                  their names
//   -- --filter '*'                                 all of them, some twenty minutes
//   -- --filter '*' --job short                     all of them, some minutes, wider errors
//   -- --filter '*Srtp*' --job short                of one class; '*sealed*' finds sentences
// Reports land in artifacts/benchmarks below the current directory.
var config = DefaultConfig.Instance.WithArtifactsPath(Path.Combine("artifacts", "benchmarks"));
BenchmarkSwitcher.FromAssembly(Assembly.GetExecutingAssembly()).Run(args, config);
return 0;
