using System.Net;
using Hype.Cluster.Tests.Testing;
using Hype.EndToEnd.Tests.Testing;
using Hype.LoadTest.Media;
using Hype.LoadTest.Targets;
using Hype.MediaClient;

namespace Hype.Cluster.Tests.Faults;

/// <summary>A gateway dies with a thousand sessions, and all of them resume at the same time.</summary>
internal sealed class ReconnectStorm : Fault
{
    private const string Name = "1,000 control-only sessions lose their gateway";
    private const int Sessions = 1_000;
    private const int PerChannel = 50;

    // Concurrent joins: they are not part of the measurement.
    private const int JoinsAtOnce = 20;

    private static readonly FaultGoal Lost = new(Name, "sessions that did not come back", "", 0, 0);
    private static readonly FaultGoal Resumed = new(Name, "all have resumed", "ms", null, 20_000);

    [Test]
    public Task All_sessions_resume_on_the_other_gateway() => RepeatAsync(async () =>
    {
        using var thread = new VoiceThread(IPAddress.Loopback);
        await using var target = Cluster.NewTarget(controlOnly: true);
        var gateways = Cluster.Gateways.Count();
        var channels = Enumerable.Range(0, Sessions / PerChannel).Select(_ => NewChannel()).ToArray();
        foreach (var channel in channels)
            await Cluster.BackOffice.SetAsync(channel, "p2p");
        var ears = Enumerable.Range(0, Sessions).Select(_ => new AttentiveEar()).ToArray();
        var sessions = new IVoiceParticipant[Sessions];
        try
        {
            await Parallel.ForAsync(0, Sessions, new ParallelOptions { MaxDegreeOfParallelism = JoinsAtOnce }, async (index, stop) =>
            {
                // The participant numbers that use the first gateway.
                var spec = new ParticipantSpec(
                    (uint)(index * gateways) + 1, channels[index / PerChannel], Speaks: false, Hears: false, thread, ears[index]);
                sessions[index] = await target.JoinAsync(spec, new JoinPhases(PeerDriver.Now), stop);
            });

            var killed = Cluster.Kill(Cluster.Gateways.First().Name);

            await Waiting.UntilAsync(
                () => Task.FromResult(ears.All(ear => ear.Admissions == 2 || ear.LostReason is not null)),
                TimeSpan.FromSeconds(40),
                () => $"{ears.Count(ear => ear.Admissions == 2)} of {Sessions} have resumed");
            Must(Lost, ears.Count(ear => ear.LostReason is not null));
            Must(Resumed, ears.Max(ear => killed.MillisecondsTo(ear.AdmittedAt)));
        }
        finally
        {
            await Task.WhenAll(sessions.Where(session => session is not null).Select(session => session.DisposeAsync().AsTask()));
        }
    });
}
