using Hype.Gateway.Tests.Testing;

namespace Hype.Gateway.Tests.Signaling.Socket;

public sealed class SocketShutdownTests
{
    [Test]
    public async Task Stopping_gateway_closes_each_socket_with_a_bye_message()
    {
        await using var gateway = await GatewayHost.StartAsync();
        using var ada = await gateway.JoinAsync("ada");
        var stopped = gateway.DisposeAsync();
        Assert.That(await ada.ExpectCloseAsync(), Is.EqualTo(("shutdown", 4009)));
        await stopped;
    }
}
