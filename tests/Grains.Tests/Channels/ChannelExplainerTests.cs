using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Channels;
using Hype.Grains.Channels.Orders;
using Hype.Grains.Tests.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hype.Grains.Tests.Channels;

public sealed class ChannelExplainerTests
{
    [Test]
    public async Task Explanation_lacks_only_the_slots_of_a_node_that_fails()
    {
        var bench = new MachineBench(settings: new ChannelSettings { Mode = ModePolicy.Sfu });
        bench.JoinManyInSfu(1);
        var grains = new RecordedGrains { Answers = { ["Query"] = new TimeoutException() } };
        var explainer = new ChannelExplainer(
            new NodeOrders(MachineBench.Channel, grains.Factory, bench.Options),
            new BackgroundWork(MachineBench.Channel, NullLogger.Instance));

        var explanation = await explainer.CompleteAsync(bench.Machine.Explain());
        Assert.That(explanation.Rooms.Single().Slots, Is.Empty);
        Assert.That(grains.Calls, Has.Count.EqualTo(1));
    }
}
