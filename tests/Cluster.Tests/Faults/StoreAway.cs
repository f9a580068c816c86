using Hype.Cluster.Tests.Testing;
using Hype.LoadTest.Targets;
using Hype.MediaClient;

namespace Hype.Cluster.Tests.Faults;

/// <summary>One of the control plane's stores is stopped for a minute, and started again.</summary>
internal abstract class StoreAway(string store, string name) : Fault
{
    // The allowed answers of a control plane without its store: retryable errors.
    private static readonly string[] SaysSo = ["unavailable"];

    private readonly FaultGoal _gap = new(name, "audio gap", "ms", 0, 0);
    private readonly FaultGoal _muteMeanwhile = new(name, "slowest mute in a running channel meanwhile", "ms", null, 10_000);
    private readonly FaultGoal _servedAfter = new(name, "full service after its return", "ms", null, 10_000);

    [Test]
    public Task Running_channels_keep_working_and_other_calls_get_a_retryable_error() => RepeatAsync(async () =>
    {
        await using var conversation = await Conversation.StartAsync(Cluster, NewChannel(), people: 12);
        var seats = await Seats.NoteAsync(Cluster, conversation);
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
        await seats.AreKeptAsync(Cluster);
        seats.HaveTheirConnections();
        Must(_gap, gap);
        Must(_muteMeanwhile, slowest);
        await AfterAsync(conversation.Channel);
        await conversation.AllHearAllAsync();
    });

    /// <summary>Runs once a second during the outage, and in <see cref="BeforeAsync"/>.</summary>
    protected abstract Task WriteAsync(string channel);

    protected virtual Task BeforeAsync(string channel) => WriteAsync(channel);

    /// <summary>Runs after the outage: no acknowledged change may be lost.</summary>
    protected abstract Task AfterAsync(string channel);

    /// <summary>Runs during the outage: mutes and unmutes a member, joins a new channel, writes a change.</summary>
    /// <returns>ms: the slowest answer of a running channel.</returns>
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

    /// <summary>Joins a new channel. Passes if the call succeeds or returns a retryable error.</summary>
    private async Task NewcomerAsync()
    {
        try
        {
            await using var visitor = await Visitor.JoinAsync(Cluster, NewChannel());
        }
        catch (JoinFailedException exception)
        {
            Assert.That(SaysSo, Does.Contain(exception.Reason), $"a call that cannot be served gets an error: {exception.Message}");
        }
    }
}
