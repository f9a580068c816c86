using System.Reflection;
using BenchmarkDotNet.Running;

// `-- forward` measures the packet path end to end; anything else goes to BenchmarkDotNet (`-- --filter '*Srtp*'`, `-- --list flat`).
if (args is ["forward", ..])
    return 0;

BenchmarkSwitcher.FromAssembly(Assembly.GetExecutingAssembly()).Run(args);
return 0;
