using Hype.Cluster.Tests.Testing;
using Hype.MediaClient;

namespace Hype.Cluster.Tests.Faults;

/// <summary>Base of the tests that lose the silo that hosts a channel, while its members talk and others join, mute and leave.</summary>
internal abstract class SiloLoss(FaultGoal servedAgain) : Fault
{
    protected const int People = 12;

    // µs: a join is stored up to Hype:Channels:CheckpointInterval (250 ms) after its answer. A member that joined within that time must
    // join again.
    private const long StoredAfter = 500_000;

    // µs: the silo may still have answered for this long after the last instant at which it was certainly reachable.
    private const long LostWithin = 500_000;

    private readonly FaultGoal _gap = new(servedAgain.Fault, "audio gap", "ms", 0, 0);
    private readonly FaultGoal _latest = new(servedAgain.Fault, "the latest answer to a request in flight", "ms", null, null);

    /// <summary>Loses the channel's silo, and checks that audio continues and that all calls succeed, although late.</summary>
    /// <param name="conversation">The conversation of the channel.</param>
    /// <param name="lose">Loses the silo, and returns the last instant at which it was certainly reachable.</param>
    protected async Task MustBeServedAgainAsync(Conversation conversation, Func<Task<Moment>> lose)
    {
        var preserved = await PreservedState.CaptureAsync(Cluster, conversation);
        await using var probe = await ControlProbe.StartAsync(Cluster, conversation.Channel);
        var before = conversation.Mark();

        var lost = await lose();
        // On a busy machine, the silo may still answer a whole round between the two instants.
        var gone = PeerDriver.Now;

        var served = await probe.ServedSinceAsync(gone, TimeSpan.FromSeconds(30));
        await conversation.HearEachOtherAsync(conversation.Mark());
        var gap = conversation.GapsSince(before).Max(gap => gap.Lost);
        foreach (var (stage, milliseconds) in SiloLossTimeline.Read(Cluster, conversation.Channel, lost))
            Record(new FaultGoal(servedAgain.Fault, stage, "ms", null, null), milliseconds);
        Record(_latest, probe.Calls.Where(call => call.EndedAt > lost.Media).Max(call => call.Milliseconds));
        await preserved.AssertUnchangedAsync(Cluster);
        preserved.AssertSameConnections();
        Must(_gap, gap);
        Must(servedAgain, lost.MillisecondsTo(served));
        // Checks the call in progress when the silo was lost, and all later ones.
        Assert.That(
            probe.Calls.Where(call => call.EndedAt > lost.Media && call.Failure is not null && !JoinedShortlyBefore(call, lost)),
            Is.Empty, "a call during the outage succeeds late and does not fail");
        await conversation.AllHearAllAsync();
    }

    private static bool JoinedShortlyBefore(ProbedCall call, Moment lost) =>
        call.JoinedAt > lost.Media - StoredAfter && call.JoinedAt < lost.Media + LostWithin;
}
