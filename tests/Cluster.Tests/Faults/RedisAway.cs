namespace Hype.Cluster.Tests.Faults;

/// <summary>
/// Stops Redis, which stores the list of silos, and proves that running channels do not need it: a running process reads the list only
/// when a silo or gateway joins, leaves or dies.
/// </summary>
internal sealed class RedisAway() : StoreAway("redis", "Redis stopped for 60 s, then started")
{
    protected override Task WriteAsync(string channel) => Task.CompletedTask;

    protected override Task AfterAsync(string channel) => Task.CompletedTask;
}
