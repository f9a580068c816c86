namespace Hype.Gateway.Tests.Testing;

/// <summary>A fixture that starts a new gateway for each test.</summary>
public abstract class GatewayFixture(string environment = "Development", params (string Key, string Value)[] settings)
{
    private protected GatewayHost Gateway { get; private set; } = null!;

    private protected FakeChannel Lobby => Gateway.Cluster.Channel("lobby");

    [SetUp]
    public async Task StartGatewayAsync() => Gateway = await StartAnotherAsync();

    [TearDown]
    public async Task StopGatewayAsync() => await Gateway.DisposeAsync();

    /// <summary>Starts one more gateway with the fixture's settings.</summary>
    private protected Task<GatewayHost> StartAnotherAsync() => GatewayHost.StartAsync(environment, settings);
}
