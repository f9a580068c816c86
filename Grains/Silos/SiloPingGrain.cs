using Hype.Grains.Abstractions.Silos;
using Orleans.Concurrency;

namespace Hype.Grains.Silos;

/// <summary>Answers the pings of gateways on the silo that receives them.</summary>
[StatelessWorker(maxLocalWorkers: 1), Reentrant]
internal sealed class SiloPingGrain : Grain, ISiloPingGrain
{
    public Task Ping() => Task.CompletedTask;
}
