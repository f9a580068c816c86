namespace Hype.Cluster.Tests.Faults;

/// <summary>Proves that no seat remains after <c>kill -9</c> of a gateway together with its clients.</summary>
[Order(1)]
internal sealed class KillGatewayAndClients() : GatewayLossWithClients("kill -9 a gateway and its clients")
{
    [Test]
    public Task All_seats_are_gone_within_five_seconds_after_the_resume_window() => RepeatAsync(() =>
    {
        var gateway = Cluster.Gateways.First();
        return AllSeatsMustBeGoneAsync(gateway.Url!, () => Task.FromResult(Cluster.Kill(gateway.Name)));
    });
}
