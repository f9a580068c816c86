using Hype.Cluster.Tests.Testing;
using Hype.EndToEnd.Tests.Testing;

namespace Hype.Cluster.Tests.Faults;

/// <summary>
/// Proves that a silo that is stopped (SIGSTOP) for 12 s and then continues contradicts no other silo. Meanwhile, clients of both gateways
/// want the last free seats of a channel on the paused silo, and the tokens of an identity are revoked. The requests that wait in the
/// sockets of the paused silo are answered when it continues.
/// </summary>
internal sealed class PauseSilo : Fault
{
    private const string Name = "a silo is paused for 12 s and continues";

    private const int Limit = 6;
    private const int Seated = 3;

    private static readonly FaultGoal Exceeded = new(Name, "seats above the limit", "", 0, 0);
    private static readonly FaultGoal Revoked = new(Name, "admissions with a revoked token", "", 0, 0);
    private static readonly FaultGoal ServedAgain = new(Name, "joins are answered again", "ms", 5_000, 8_000, Slack: 3_000);

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(12);
    // The pause between two tries of one client, which keeps them below the limits per address.
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(200);

    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(2);

    [Test]
    public Task Limits_and_revocations_hold_when_a_paused_silo_continues() => RepeatAsync(async () =>
    {
        using var limit = new CancellationTokenSource(Timeout);
        var channel = NewChannel();
        await Cluster.BackOffice.SetAsync(channel, "p2p", maxParticipants: Limit);
        var gateways = Cluster.Gateways.Take(2).Select(gateway => gateway.Url!).ToArray();
        var seats = new List<SeatSeeker>();
        try
        {
            for (var sitter = 0; sitter < Seated; sitter++)
            {
                var seat = await SeatSeeker.ConnectAsync(Cluster, gateways[sitter % 2], channel, $"sitter-{sitter}", limit.Token);
                seats.Add(seat);
                Assert.That(await seat.AskAsync(limit.Token), Is.EqualTo("welcome"));
            }

            // An order is stored before its answer, together with the seats; a join is stored shortly after its answer.
            var number = (await Cluster.BackOffice.GetAsync(channel)).Member("sitter-0").Number;
            var order = await Cluster.BackOffice.MuteAsync(channel, number, muted: true);
            Assert.That(order.Body?["storage"]?.GetValue<string>(), Is.EqualTo("stored"));
            var silo = await ChannelHolder.FindAsync(Cluster, channel);

            var paused = Cluster.Pause(silo);
            using var over = new CancellationTokenSource();
            var seeking = Enumerable.Range(0, 4).Select(index => SeekAsync($"seeker-{index}", index)).ToArray();
            var mallory = AskAsRevokedAsync();
            await Task.Delay(Pause, limit.Token);
            Cluster.Continue(silo);
            // All requests that waited in its sockets are answered or lost then.
            await Waiting.UntilAsync(
                () => Task.FromResult(!Cluster.IsRunning(silo)), TimeSpan.FromSeconds(20), () => $"{silo} was declared dead and runs");
            await over.CancelAsync();

            var admitted = (await Task.WhenAll(seeking)).SelectMany(welcomes => welcomes).ToArray();
            foreach (var (stage, milliseconds) in SiloLossTimeline.Read(Cluster, channel, paused))
                Record(new FaultGoal(Name, stage, "ms", null, null), milliseconds);
            Must(Exceeded, Math.Max(0, Seated + admitted.Length - Limit));
            Must(Revoked, await mallory);
            Must(ServedAgain, admitted.Min(welcome => paused.MillisecondsTo(welcome)));
            Assert.That((await Cluster.BackOffice.GetAsync(channel)).Members, Has.Count.AtMost(Limit));

            // Each seeker asks again and again, with a new identity after each admission, which holds its seat.
            async Task<List<long>> SeekAsync(string name, int index)
            {
                var welcomes = new List<long>();
                for (var attempt = 0; !over.IsCancellationRequested; attempt++)
                {
                    var seeker = await SeatSeeker.ConnectAsync(
                        Cluster, gateways[index % 2], channel, $"{name}-{attempt}", limit.Token);
                    if (await TryAskAsync(seeker) == "welcome")
                    {
                        welcomes.Add(Moment.Now.Media);
                        lock (seats)
                            seats.Add(seeker);
                    }
                    else
                    {
                        seeker.Dispose();
                        await Task.Delay(Between, limit.Token);
                    }
                }

                return welcomes;
            }

            async Task<int> AskAsRevokedAsync()
            {
                // The revocation itself may need several tries while its grain moves.
                while (!(await Cluster.BackOffice.RevokeAsync("mallory")).IsSuccess)
                    await Task.Delay(100, limit.Token);
                var admissions = 0;
                for (var attempt = 0; !over.IsCancellationRequested; attempt++)
                {
                    using var seeker = await SeatSeeker.ConnectAsync(
                        Cluster, gateways[attempt % 2], $"{channel}-revoked", "mallory", limit.Token);
                    admissions += await TryAskAsync(seeker) == "welcome" ? 1 : 0;
                    await Task.Delay(Between, limit.Token);
                }

                return admissions;
            }

            async Task<string> TryAskAsync(SeatSeeker seeker)
            {
                try
                {
                    return await seeker.AskAsync(limit.Token);
                }
                catch (InvalidOperationException)
                {
                    return "closed"; // as revoked
                }
            }
        }
        finally
        {
            foreach (var seat in seats)
                seat.Dispose();
        }
    });
}
