using System.Reflection;
using BenchmarkDotNet.Running;
using Hype.Benchmarks.Forward;

// `-- forward` measures the packet path end to end; anything else goes to BenchmarkDotNet (`-- --filter '*Srtp*'`, `-- --list flat`).
if (args is ["forward", .. var options])
    return await ForwardBenchmark.RunAsync(options);

// `-- bare ADDRESSES BYTES` prints what a bare sendmmsg costs here and now, in µs of CPU per datagram.
if (args is ["bare", var addresses, var bytes])
    return BareCommand.Run(addresses, bytes);

BenchmarkSwitcher.FromAssembly(Assembly.GetExecutingAssembly()).Run(args);
return 0;
