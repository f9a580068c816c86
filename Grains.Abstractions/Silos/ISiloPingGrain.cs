using Hype.Grains.Abstractions.Calls;
using Orleans.CodeGeneration;

namespace Hype.Grains.Abstractions.Silos;

/// <summary>
/// A grain without state that answers on any silo, so that its answer depends on no other grain, directory or database. Calls with
/// different keys reach different silos.
/// </summary>
[Alias("hype.ISiloPingGrain"), Version(1)]
public interface ISiloPingGrain : IGrainWithIntegerKey
{
    [Alias("Ping"), Idempotent]
    Task Ping();
}
