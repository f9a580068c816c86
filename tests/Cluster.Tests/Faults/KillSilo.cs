using Hype.Cluster.Tests.Testing;

namespace Hype.Cluster.Tests.Faults;

/// <summary>
/// Proves that <c>kill -9</c> of the silo that hosts a channel does not interrupt the channel's audio, and that joins, mutes and leaves
/// work again within seconds.
/// </summary>
internal sealed class KillSilo : Fault
{
    private const string Name = "kill -9 the silo that hosts the channel";

    private static readonly FaultGoal Gap = new(Name, "audio gap", "ms", 0, 0);
    private static readonly FaultGoal ServedAgain = new(Name, "joins, mutes and leaves work again", "ms", 3_000, 6_000, Slack: 2_000);
    private static readonly FaultGoal Latest = new(Name, "the latest answer to a request in flight", "ms", null, null);

    // µs: a join is stored up to Hype:Channels:CheckpointInterval (250 ms) after its answer. A member that joined within that time must
    // join again.
    private const long StoredAfter = 500_000;

    // µs: the silo may still have answered for this long after the last instant at which it certainly lived.
    private const long DiesWithin = 100_000;

    [Test]
    public Task Audio_continues_and_control_calls_succeed_again_within_seconds() => RepeatAsync(async () =>
    {
        await using var conversation = await Conversation.StartAsync(Cluster, NewChannel(), people: 12);
        var preserved = await PreservedState.CaptureAsync(Cluster, conversation);
        await using var probe = await ControlProbe.StartAsync(Cluster, conversation.Channel);
        var silo = await ChannelHolder.FindAsync(Cluster, conversation.Channel);
        var before = conversation.Mark();

        var killed = Cluster.Kill(silo);

        var served = await probe.ServedSinceAsync(killed.Media, TimeSpan.FromSeconds(30));
        await conversation.HearEachOtherAsync(conversation.Mark());
        var gap = conversation.GapsSince(before).Max(gap => gap.Lost);
        Record(Latest, probe.Calls.Where(call => call.EndedAt > killed.Media).Max(call => call.Milliseconds));
        await preserved.AssertUnchangedAsync(Cluster);
        preserved.AssertSameConnections();
        Must(Gap, gap);
        Must(ServedAgain, killed.MillisecondsTo(served));
        // Checks the call in progress when the silo died, and all later ones.
        Assert.That(
            probe.Calls.Where(call => call.EndedAt > killed.Media && call.Failure is not null && !JoinedShortlyBeforeTheKill(call)),
            Is.Empty, "a call during the outage succeeds late and does not fail");
        await conversation.AllHearAllAsync();

        bool JoinedShortlyBeforeTheKill(ProbedCall call) => call.JoinedAt > killed.Media - StoredAfter && call.JoinedAt < killed.Media
            + DiesWithin;
    });
}
