using Hype.LoadTest.Processes;
using Hype.LoadTest.Reporting;
using Hype.LoadTest.Running;
using Hype.LoadTest.Tests.Running;
using Hype.LoadTest.Tests.Statistics;

namespace Hype.LoadTest.Tests.Reporting;

/// <summary>Tests the report of a synthetic run of four seconds.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class ReportBuilderTests
{
    private const int Seconds = 4;
    private const uint Speaker = 99;

    private readonly NoServer _target = new();
    private readonly ProcessMeter _meter = new([]);
    private Crowd _crowd = null!;

    [TearDown]
    public async Task LeaveAsync()
    {
        _crowd.Dispose();
        await _target.DisposeAsync();
    }

    [Test]
    public async Task Media_that_stops_halfway_through_the_run_counts_as_50_percent_packet_loss()
    {
        var report = await RunAsync(heardSeconds: Seconds / 2);

        Assert.Multiple(() =>
        {
            Assert.That((report.Media!.Expected, report.Media.Received, report.Media.LossPercent),
                Is.EqualTo((50 * Seconds, 50 * Seconds / 2, 50.0)));
            Assert.That(report.Timeline, Has.Count.EqualTo(Seconds));
            Assert.That(report.Missed, Is.EqualTo(new[] { "loss 50 % is above --max-loss 1 %" }));
        });
    }

    [Test]
    public async Task MOS_of_the_worst_second_is_1_if_no_audio_is_received_in_that_second()
    {
        var report = await RunAsync(heardSeconds: Seconds - 1);

        Assert.That(report.Media!.MosWorstSecond, Is.EqualTo(1));
    }

    [Test]
    public async Task Run_in_which_all_audio_is_received_passes()
    {
        var report = await RunAsync(heardSeconds: Seconds);

        Assert.Multiple(() =>
        {
            Assert.That(report.Missed, Is.Empty);
            Assert.That(report.Media!.MosWorstSecond, Is.GreaterThan(4));
        });
    }

    [Test]
    public async Task Run_with_a_lost_session_fails_although_no_audio_is_lost()
    {
        var report = await RunAsync(
            heardSeconds: Seconds, then: listener => listener.Ear.OnLost("kicked", _crowd.Start + (Seconds * 1_000_000)));

        Assert.Multiple(() =>
        {
            Assert.That(report.Media!.LossPercent, Is.Zero);
            Assert.That(report.Missed, Is.EqualTo(new[] { "1 sessions were lost" }));
        });
    }

    /// <summary>
    /// Returns the report of a run with one listener and one speaker. The listener receives the speaker for the first <paramref
    /// name="heardSeconds"/> seconds.
    /// </summary>
    private async Task<LoadReport> RunAsync(int heardSeconds, Action<Attendee>? then = null)
    {
        var options = NoServer.Options("--participants", "1", "--speakers", "0", "--max-loss", "1");
        _crowd = new Crowd(options, _target);
        var clock = new RunClock(_crowd.Start, _meter);
        var listener = (await _crowd.JoinAsync(_crowd.Places().Single(), CancellationToken.None))!;
        listener.Ear.OnHearing(_crowd.Start);
        var log = listener.Place.Channel.NewLog(Speaker, _crowd.Start);
        using var heard = new HeardFrames(listener.Ear);
        for (var frame = 0; frame < 50 * Seconds; frame++)
        {
            var sentAt = _crowd.Start + (frame * 20_000L);
            var number = log.Add(sentAt);
            if (frame < 50 * heardSeconds)
                heard.Hear(Speaker, number, sentAt, delay: 300);
        }

        then?.Invoke(listener);
        clock.StartSteadyPart(joined: 1, _crowd.Start);
        clock.End(_crowd.Start + (Seconds * 1_000_000));
        return new ReportBuilder(options, _target.Name, _crowd, _meter, clock).Build();
    }
}
