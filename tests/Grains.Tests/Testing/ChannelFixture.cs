using Hype.Grains.Abstractions.Channels;

namespace Hype.Grains.Tests.Testing;

/// <summary>The base class of tests of channels in a real silo. Each test has its own channel and gateway.</summary>
/// <param name="options">Options of the silo that differ from the product's defaults.</param>
public abstract class ChannelFixture(params (string Key, string Value)[] options) : SharedSiloFixture(options)
{
    /// <summary>
    /// The maximum length of the part of a channel id that comes from the test's name; the rest is for the suffix of a second channel.
    /// </summary>
    private const int MaxId = ChannelId.MaxLength - 8;

    private protected RecordingGateway Gateway { get; private set; } = null!;

    private protected ChannelId Id { get; private set; }

    private protected IChannelGrain Channel => Silo.Channel(Id.Value);

    private protected GatewayRef GatewayRef => Gateway.In(Silo.Grains);

    [SetUp]
    public void CreateChannel()
    {
        var name = TestContext.CurrentContext.Test.MethodName!;
        Id = ChannelId.Parse(name[..Math.Min(MaxId, name.Length)]);
        Gateway = new RecordingGateway("g1");
    }

    private protected Task<JoinResult> Join(string identity) => Silo.Join(Id.Value, identity, Gateway);
}
