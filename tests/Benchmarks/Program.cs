using System.Reflection;
using BenchmarkDotNet.Running;
using Hype.Benchmarks.Forward;

// `-- forward` measures the packet path end to end; anything else goes to BenchmarkDotNet (`-- --filter '*Srtp*'`, `-- --list flat`).
if (args is ["forward", .. var options])
    return await ForwardBenchmark.RunAsync(options);

BenchmarkSwitcher.FromAssembly(Assembly.GetExecutingAssembly()).Run(args);
return 0;
