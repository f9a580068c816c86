namespace Hype.Cluster.Tests.Faults;

/// <summary>Redis holds the list of members: who runs needs it only when somebody comes, goes or dies.</summary>
internal sealed class RedisAway() : StoreAway("redis", "Redis stopped for 60 s, then started")
{
    protected override Task WriteAsync(string channel) => Task.CompletedTask;

    protected override Task AfterAsync(string channel) => Task.CompletedTask;
}
