using Hype.Gateway.Health;
using Hype.Gateway.Tests.Testing;
using Hype.Testing.Waiting;
using Microsoft.Extensions.DependencyInjection;

namespace Hype.Gateway.Tests.Health;

public sealed class ClusterContactTests
{
    private const int PerRound = 8;

    private static readonly TimeSpan Round = TimeSpan.FromSeconds(1);

    [Test]
    public async Task Pings_of_a_round_have_different_keys_and_all_rounds_use_the_same_few()
    {
        await using var gateway = await GatewayHost.StartAsync();
        for (var round = 0; round < 20; round++)
            await NextRoundAsync(gateway);
        var keys = gateway.Cluster.PingKeys.ToArray();
        Assert.That(keys.Distinct().Count(), Is.EqualTo(64), "each key is a grain on a silo");
        Assert.That(keys.Chunk(PerRound).Select(round => round.Distinct().Count()), Is.All.EqualTo(PerRound));
    }

    [Test]
    public async Task Late_answer_to_an_earlier_ping_does_not_make_the_contact_older()
    {
        await using var gateway = await GatewayHost.StartAsync();
        var contact = gateway.Services.GetRequiredService<ClusterContact>();
        var late = new TaskCompletionSource();
        gateway.Cluster.PingAnswer = late.Task;
        await NextRoundAsync(gateway);
        gateway.Cluster.PingAnswer = null;
        await NextRoundAsync(gateway);
        await Poll.UntilAsync(() => contact.Age == TimeSpan.Zero);

        late.SetResult();
        Assert.That(contact.Age, Is.EqualTo(TimeSpan.Zero));
    }

    private static async Task NextRoundAsync(GatewayHost gateway)
    {
        var pings = gateway.Cluster.Pings;
        gateway.Time.Advance(Round);
        await Poll.UntilAsync(() => gateway.Cluster.Pings >= pings + PerRound);
    }
}
