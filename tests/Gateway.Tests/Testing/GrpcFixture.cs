using Grpc.Net.Client;
using Hype.Control.V1;

namespace Hype.Gateway.Tests.Testing;

/// <summary>A fixture that starts a new gateway for each test, and calls it over gRPC.</summary>
public abstract class GrpcFixture(string environment = "Development") : GatewayFixture(environment)
{
    private protected GrpcChannel Connection { get; private set; } = null!;

    private protected Channels.ChannelsClient Channels => new(Connection);

    private protected Participants.ParticipantsClient Participants => new(Connection);

    [SetUp]
    public void Connect() => Connection = GrpcChannel.ForAddress(Gateway.GrpcUrl);

    [TearDown]
    public void Disconnect() => Connection.Dispose();
}
