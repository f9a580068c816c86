using Hype.Cluster.Tests.Testing;

namespace Hype.Cluster.Tests.Faults;

/// <summary>Proves that audio continues while all silos and gateways are restarted one after another, as at an upgrade.</summary>
internal sealed class RollingRestart : Fault
{
    private const string Name = "rolling restart of all silos and gateways";

    private static readonly FaultGoal Gap = new(Name, "audio gap", "ms", 0, 0);

    [Test]
    public Task Audio_continues_during_a_rolling_restart() => RepeatAsync(async () =>
    {
        await using var conversation = await Conversation.StartAsync(Cluster, NewChannel(), people: 12);
        var preserved = await PreservedState.CaptureAsync(Cluster, conversation);
        var before = conversation.Mark();

        foreach (var process in Cluster.Silos.Concat(Cluster.Gateways))
        {
            await Cluster.RestartAsync(process.Name);
            await Cluster.EnsureCompleteAsync();
        }

        await conversation.HearEachOtherAsync(conversation.Mark());
        var gap = conversation.GapsSince(before).Max(gap => gap.Lost);
        await preserved.AssertUnchangedAsync(Cluster);
        preserved.AssertSameConnections();
        Must(Gap, gap);
        await conversation.AllHearAllAsync();
    });
}
