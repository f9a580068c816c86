namespace Hype.Cluster.Tests.Faults;

/// <summary>Redis stores the list of silos: running processes need it only when a silo or gateway joins, leaves or dies.</summary>
internal sealed class RedisAway() : StoreAway("redis", "Redis stopped for 60 s, then started")
{
    protected override Task WriteAsync(string channel) => Task.CompletedTask;

    protected override Task AfterAsync(string channel) => Task.CompletedTask;
}
