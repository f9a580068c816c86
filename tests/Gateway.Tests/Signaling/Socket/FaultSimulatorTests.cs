using Hype.Gateway.Tests.Testing;

namespace Hype.Gateway.Tests.Signaling.Socket;

public sealed class FaultSimulatorTests : GatewayFixture
{
    [Test]
    public async Task Socket_dropped_by_a_simulate_message_gets_no_bye_and_the_session_may_resume()
    {
        using var ada = await Gateway.JoinAsync("ada");
        await ada.SendAsync("""{"type":"simulate","fault":"dropSocket"}""");
        Assert.That(await ada.ExpectCloseAsync(), Is.EqualTo(((string?)null, 4013)));
        await Lobby.Called("Detach 1");
    }

    [Test]
    public async Task Simulate_message_is_refused_outside_development()
    {
        await using var gateway = await GatewayHost.StartAsync("Production");
        using var ada = await gateway.JoinAsync("ada");
        await ada.SendAsync("""{"type":"simulate","fault":"dropSocket"}""");
        Assert.That(await ada.ExpectErrorAsync(), Is.EqualTo("unsupported"));
    }
}
