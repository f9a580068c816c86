using Hype.Cluster.Tests.Testing;

namespace Hype.Cluster.Tests.Faults;

/// <summary>
/// Proves that a channel with one free seat admits exactly one of two clients that join at the same instant through different gateways.
/// </summary>
internal sealed class LastSeat : Fault
{
    private const string Name = "the last free seat through two gateways, 1,000 tries";

    // The number of concurrent channels; each runs one try after another.
    private const int Channels = 10;
    private const int TriesPerChannel = 100;

    // One seat is always taken: the second one is the last free seat.
    private const int Limit = 2;

    private static readonly FaultGoal Exceeded = new(Name, "tries that exceeded the limit", "", 0, 0);
    private static readonly FaultGoal Wasted = new(Name, "tries without an admission", "", 0, 0);

    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(2);

    [Test]
    public Task Last_free_seat_of_a_channel_is_given_to_exactly_one_of_two_simultaneous_joins() => RepeatAsync(async () =>
    {
        using var limit = new CancellationTokenSource(Timeout);
        var admitted = await Task.WhenAll(Enumerable.Range(0, Channels).Select(_ => TryAsync(NewChannel(), limit.Token)));

        var tries = admitted.SelectMany(tries => tries).ToArray();
        Assert.That(tries, Has.Length.EqualTo(Channels * TriesPerChannel));
        Must(Exceeded, tries.Count(count => count > 1));
        Must(Wasted, tries.Count(count => count < 1));
    });

    /// <returns>The number of admitted joins of each try.</returns>
    private async Task<List<int>> TryAsync(string channel, CancellationToken stop)
    {
        await Cluster.BackOffice.SetAsync(channel, "p2p", maxParticipants: Limit);
        var gateways = Cluster.Gateways.Take(2).Select(gateway => gateway.Url!).ToArray();
        using var sitter = await SeatSeeker.ConnectAsync(Cluster, gateways[0], channel, "sitter", stop);
        Assert.That(await sitter.AskAsync(stop), Is.EqualTo("welcome"));

        var admitted = new List<int>();
        for (var attempt = 0; attempt < TriesPerChannel; attempt++)
        {
            // Opens the sockets first, so that only the two joins are in flight.
            using var first = await SeatSeeker.ConnectAsync(Cluster, gateways[0], channel, $"first-{attempt}", stop);
            using var second = await SeatSeeker.ConnectAsync(Cluster, gateways[1], channel, $"second-{attempt}", stop);
            var answers = await Task.WhenAll(first.AskAsync(stop), second.AskAsync(stop));
            Assert.That(answers, Is.SubsetOf(new[] { "welcome", "channelFull" }));
            admitted.Add(answers.Count(answer => answer == "welcome"));
            await Task.WhenAll(first.LeaveAsync(stop), second.LeaveAsync(stop));
        }

        return admitted;
    }
}
