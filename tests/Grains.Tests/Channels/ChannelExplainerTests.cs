using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Channels;
using Hype.Grains.Channels.Orders;
using Hype.Grains.Tests.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hype.Grains.Tests.Channels;

public sealed class ChannelExplainerTests
{
    [Test]
    public async Task Explanation_of_a_room_has_no_slots_when_the_query_to_the_node_fails()
    {
        var bench = new MachineBench(settings: new ChannelSettings { Mode = ModePolicy.Sfu });
        bench.JoinManyInSfu(1);
        var grains = new RecordedGrains { Answers = { ["Query"] = new TimeoutException() } };
        var explainer = new ChannelExplainer(
            new NodeOrders(MachineBench.Channel, NodesBench.TakenFence(), grains.Factory, bench.Options, new FakeGate()),
            new BackgroundWork(MachineBench.Channel, NullLogger.Instance));

        var explanation = await explainer.CompleteAsync(bench.Machine.Explain());
        Assert.That(explanation.Rooms.Single().Slots, Is.Empty);
        Assert.That(grains.Calls, Has.Count.EqualTo(1));
    }
}
