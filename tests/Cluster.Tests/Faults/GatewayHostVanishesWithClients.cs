using Hype.Cluster.Tests.Testing;

namespace Hype.Cluster.Tests.Faults;

/// <summary>
/// Proves that no seat remains when the host of a gateway loses its network abruptly and the clients of the gateway never return. No
/// connection of the gateway reports its end; only its lease shows the loss.
/// </summary>
[Order(1)]
internal sealed class GatewayHostVanishesWithClients() : GatewayLossWithClients("a gateway's host and its clients vanish")
{
    [Test]
    public Task All_seats_are_gone_within_five_seconds_after_the_resume_window() => RepeatAsync(async () =>
    {
        await using var host = await ControlHost.StartGatewayAsync(Cluster, Cluster.Gateways.First().Region);

        await AllSeatsMustBeGoneAsync(ControlHost.GatewayUrl, host.VanishAsync);
    });
}
