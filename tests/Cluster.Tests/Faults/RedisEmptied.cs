using Hype.Cluster.Tests.Testing;
using Hype.EndToEnd.Tests.Testing;

namespace Hype.Cluster.Tests.Faults;

/// <summary>
/// Proves that silos whose membership table was emptied end instead of running on beside a second cluster of new silos, and that the
/// cluster is complete and unchanged after a supervisor has started them again.
/// </summary>
internal sealed class RedisEmptied : Fault
{
    private const string Name = "Redis is emptied";

    private static readonly FaultGoal Gap = new(Name, "audio gap", "ms", 0, 0);
    private static readonly FaultGoal Ended = new(Name, "all old silos have ended", "ms", 5_000, 8_000, Slack: 3_000);

    [Test]
    public Task Silos_end_and_join_again_when_Redis_was_emptied() => RepeatAsync(async () =>
    {
        await using var conversation = await Conversation.StartAsync(Cluster, NewChannel(), people: 12);
        Assert.That((await Cluster.BackOffice.BanAsync(conversation.Channel, "eve")).IsSuccess);
        var before = conversation.Mark();
        var old = Cluster.Silos.ToDictionary(silo => silo.Name, silo => Cluster.ProcessId(silo.Name));

        await Cluster.EmptyRedisAsync();
        var emptied = Moment.Now;
        await Waiting.UntilAsync(
            () => Task.FromResult(old.Keys.All(name => !Cluster.IsRunning(name))),
            TimeSpan.FromSeconds(20),
            () => $"still running: {string.Join(", ", old.Keys.Where(Cluster.IsRunning))}");
        Must(Ended, emptied.MillisecondsTo(Moment.Now.Media));

        // The supervisor.
        await Cluster.EnsureCompleteAsync();
        Assert.That(await Cluster.BackOffice.BansAsync(conversation.Channel), Does.Contain("eve"));
        await conversation.HearEachOtherAsync(conversation.Mark());
        Must(Gap, conversation.GapsSince(before).Max(gap => gap.Lost));
        foreach (var gateway in Enumerable.Range(0, Cluster.Gateways.Count()))
        {
            await using var visitor = await Visitor.JoinAsync(Cluster, conversation.Channel, gateway);
            Assert.That(
                (await Cluster.BackOffice.GetAsync(conversation.Channel)).Members, Has.Count.GreaterThan(conversation.People.Count),
                "each gateway reaches the same channel");
        }
    });
}
