using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Channels.Inputs;
using Hype.Grains.Channels.Options;

namespace Hype.Grains.Tests.Channels;

public sealed class CSharpTextTests
{
    [Test]
    public void Channel_inputs_are_converted_to_the_CSharp_code_of_a_regression_test()
    {
        var text = CSharpText.OfLife(
            new ChannelOptions { P2PThreshold = 2 },
            [
                ChannelInputs.Join(3, "g1", far: true),
                new UpdateSettings(new ChannelSettings { Mode = ModePolicy.Sfu }),
                new Ready(ChannelInputs.Session(3), new LayoutEpoch(-1)),
                new NodeLost(MachineBench.NodeA, TimeSpan.FromSeconds(3), TimeSpan.Zero),
                new Pass(TimeSpan.FromMilliseconds(1.5)),
                new FailEndpoint(ChannelInputs.Session(0), 2, EndpointCloseReason.DtlsFailed, 7),
                new PassToDeadline(),
            ]);
        Assert.That(text, Is.EqualTo("""
            using static Hype.Grains.Tests.Channels.ChannelInputs;

            new ChannelLife(new ChannelOptions() { P2PThreshold = 2 }).Live(
            [
                Join(3, "g1", far: true),
                new UpdateSettings(new ChannelSettings() { Mode = ModePolicy.Sfu }),
                new Ready(Session(3), new LayoutEpoch(-1)),
                new NodeLost(new MediaNodeId("a"), TimeSpan.FromMilliseconds(3000), TimeSpan.FromMilliseconds(0)),
                new Pass(TimeSpan.FromMilliseconds(1.5)),
                new FailEndpoint(Session(0), 2, EndpointCloseReason.DtlsFailed, 7),
                new PassToDeadline()
            ]);

            """));
    }
}
