using Hype.Cluster.Tests.Testing;
using Hype.LoadTest.Targets;
using Hype.MediaClient;

namespace Hype.Cluster.Tests.Faults;

/// <summary>
/// Base of the tests that stop one of the control plane's stores and start it again. Proves that running channels keep working without the
/// store, and that other calls succeed or fail with a retryable error.
/// </summary>
internal abstract class StoreAway(string store, string name) : Fault
{
    // The error codes with which the control plane may refuse a join while its store is unavailable; all are retryable.
    private static readonly string[] RetryableErrors = ["unavailable"];

    private readonly FaultGoal _gap = new(name, "audio gap", "ms", 0, 0);
    private readonly FaultGoal _muteMeanwhile = new(name, "slowest mute in a running channel during the outage", "ms", null, 10_000);
    private readonly FaultGoal _servedAfter = new(name, "joins, mutes and leaves work after the store's return", "ms", null, 10_000);

    [Test]
    public Task Running_channel_works_during_a_store_outage_and_failed_joins_report_a_retryable_error() => RepeatAsync(async () =>
    {
        await using var conversation = await Conversation.StartAsync(Cluster, NewChannel(), people: 12);
        var preserved = await PreservedState.CaptureAsync(Cluster, conversation);
        var before = conversation.Mark();
        await BeforeAsync(conversation.Channel);

        await Cluster.StopAsync(store);
        var slowest = await MeanwhileAsync(conversation);
        await Cluster.StartAsync(store);
        var back = Moment.Now;

        await using (var probe = await ControlProbe.StartAsync(Cluster, NewChannel()))
            Must(_servedAfter, back.MillisecondsTo(await probe.ServedSinceAsync(back.Media, TimeSpan.FromSeconds(30))));
        await conversation.HearEachOtherAsync(conversation.Mark());
        var gap = conversation.GapsSince(before).Max(gap => gap.Lost);
        await preserved.AssertUnchangedAsync(Cluster);
        preserved.AssertSameConnections();
        Must(_gap, gap);
        Must(_muteMeanwhile, slowest);
        await AfterAsync(conversation.Channel);
        await conversation.AllHearAllAsync();
    });

    /// <summary>Makes a change that the store must not lose. Runs once before the outage, and once a second during it.</summary>
    protected abstract Task WriteAsync(string channel);

    protected virtual Task BeforeAsync(string channel) => WriteAsync(channel);

    /// <summary>Checks, after the outage, that the store contains every acknowledged change.</summary>
    protected abstract Task AfterAsync(string channel);

    /// <summary>
    /// Uses the control plane until the outage is over: once a second it mutes and unmutes a member, joins a new channel, and makes a
    /// change that the store must not lose.
    /// </summary>
    /// <returns>The time of the slowest mute or unmute, in milliseconds.</returns>
    private async Task<double> MeanwhileAsync(Conversation conversation)
    {
        var number = (await Cluster.BackOffice.GetAsync(conversation.Channel)).Member(conversation.People[^2].Identity).Number;
        var slowest = 0.0;
        using var seconds = new PeriodicTimer(TimeSpan.FromSeconds(1));
        for (var until = PeerDriver.Now + (long)Outage.TotalMicroseconds; PeerDriver.Now < until; await seconds.WaitForNextTickAsync())
        {
            foreach (var muted in new[] { true, false })
            {
                var asked = Moment.Now;
                var answer = await Cluster.BackOffice.MuteAsync(conversation.Channel, number, muted);
                slowest = Math.Max(slowest, asked.MillisecondsTo(PeerDriver.Now));
                Assert.That(answer.IsSuccess, $"a running channel keeps working without {store}: {(int)answer.Status} {answer.Code}");
            }

            await NewcomerAsync();
            await WriteAsync(conversation.Channel);
        }

        return slowest;
    }

    /// <summary>Joins a new channel; an error is accepted if it is retryable.</summary>
    private async Task NewcomerAsync()
    {
        try
        {
            await using var visitor = await Visitor.JoinAsync(Cluster, NewChannel());
        }
        catch (JoinFailedException exception)
        {
            Assert.That(RetryableErrors, Does.Contain(exception.Reason),
                $"a join without {store} fails only with a retryable error: {exception.Message}");
        }
    }
}
