using System.Net;
using Hype.Cluster.Tests.Testing;
using Hype.EndToEnd.Tests.Testing;
using Hype.LoadTest.Media;
using Hype.LoadTest.Targets;
using Hype.MediaClient;

namespace Hype.Cluster.Tests.Faults;

/// <summary>
/// Proves that a thousand sessions resume through another gateway when their gateway dies and all of them reconnect at the same time.
/// </summary>
internal sealed class ReconnectStorm : Fault
{
    private const string Name = "1,000 control-only sessions lose their gateway";
    private const int Sessions = 1_000;
    private const int PerChannel = 10;

    // The number of concurrent joins before the measurement.
    private const int JoinsAtOnce = 20;

    private static readonly FaultGoal Lost = new(Name, "sessions that were not resumed", "", 0, 0);
    private static readonly FaultGoal Resumed = new(Name, "all have resumed", "ms", null, 20_000);

    [Test]
    public Task All_sessions_of_a_killed_gateway_resume_at_another_gateway() => RepeatAsync(async () =>
    {
        using var thread = new VoiceThread(IPAddress.Loopback);
        await using var target = Cluster.NewTarget(controlOnly: true);
        var gateways = Cluster.Gateways.Count();
        var channels = Enumerable.Range(0, Sessions / PerChannel).Select(_ => NewChannel()).ToArray();
        foreach (var channel in channels)
            await Cluster.BackOffice.SetAsync(channel, "p2p");
        var recorders = Enumerable.Range(0, Sessions).Select(_ => new ReceptionRecorder()).ToArray();
        var sessions = new IVoiceParticipant[Sessions];
        try
        {
            await Parallel.ForAsync(0, Sessions, new ParallelOptions { MaxDegreeOfParallelism = JoinsAtOnce }, async (index, stop) =>
            {
                // HypeTarget chooses a participant's gateway by its number: these numbers use the first one.
                var spec = new ParticipantSpec(
                    (uint)(index * gateways) + 1, channels[index / PerChannel], Speaks: false, Hears: false, thread, recorders[index]);
                sessions[index] = await target.JoinAsync(spec, new JoinPhases(PeerDriver.Now), stop);
            });

            var killed = Cluster.Kill(Cluster.Gateways.First().Name);

            await Waiting.UntilAsync(
                () => Task.FromResult(recorders.All(recorder => recorder.Admissions == 2 || recorder.LostReason is not null)),
                TimeSpan.FromSeconds(40),
                () => $"{recorders.Count(recorder => recorder.Admissions == 2)} of {Sessions} have resumed");
            Must(Lost, recorders.Count(recorder => recorder.LostReason is not null));
            Must(Resumed, recorders.Max(recorder => killed.MillisecondsTo(recorder.AdmittedAt)));
        }
        finally
        {
            await Task.WhenAll(sessions.Where(session => session is not null).Select(session => session.DisposeAsync().AsTask()));
        }
    });
}
