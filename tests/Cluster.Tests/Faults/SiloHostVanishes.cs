using Hype.Cluster.Tests.Testing;

namespace Hype.Cluster.Tests.Faults;

/// <summary>
/// Proves that joins, mutes and leaves of a channel work again within seconds when the host of its silo loses its network abruptly, as in
/// a power failure: no connection is closed, and no packet is answered.
/// </summary>
internal sealed class SiloHostVanishes : Fault
{
    private const string Name = "the host of the channel's silo vanishes";

    private static readonly FaultGoal ServedAgain = new(Name, "joins, mutes and leaves work again", "ms", 5_000, 8_000, Slack: 2_000);

    private static readonly Dictionary<string, string> Settings = new() { ["Hype__Silo__AdvertisedAddress"] = SiloHost.Elsewhere };

    // Two cores cannot run two clusters at once.
    protected override async Task<LocalCluster> GetClusterAsync()
    {
        await SharedCluster.StopAsync();
        await SiloHost.AddElsewhereAsync();
        return await LocalCluster.StartAsync(Settings);
    }

    [OneTimeTearDown]
    public async Task StopClusterAsync()
    {
        await Cluster.DisposeAsync();
        await SiloHost.RemoveElsewhereAsync();
    }

    [Test]
    public Task Control_calls_succeed_again_within_seconds() => RepeatAsync(async () =>
    {
        var channel = NewChannel();
        await using var host = await SiloHost.StartAsync(Cluster, Cluster.Silos.First().Region);
        // The hosted silo is the only one while the channel is activated.
        foreach (var silo in Cluster.Silos)
            await Cluster.StopAsync(silo.Name);
        await using var probe = await ControlProbe.StartAsync(Cluster, channel);
        Assert.That(host.Log, Does.Contain($"Channel {channel} activated as"), "the channel is on the hosted silo");
        await Cluster.EnsureCompleteAsync();
        await probe.ServedSinceAsync(Moment.Now.Media, TimeSpan.FromSeconds(20));

        var vanished = await host.VanishAsync();

        Must(ServedAgain, vanished.MillisecondsTo(await probe.ServedSinceAsync(vanished.Media, TimeSpan.FromSeconds(40))));
    });
}
