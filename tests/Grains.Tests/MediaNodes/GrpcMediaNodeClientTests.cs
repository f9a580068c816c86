using Hype.Grains.Abstractions.MediaNodes;
using Hype.Grains.Diagnostics;
using Hype.Grains.MediaNodes;
using Hype.MediaNode.Orders.V1;
using Hype.Silo.Clustering;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hype.Grains.Tests.MediaNodes;

public sealed class GrpcMediaNodeClientTests
{
    [Test]
    public async Task Call_to_an_unreachable_media_node_returns_a_result_instead_of_an_exception()
    {
        using var services = new ServiceCollection().AddMetrics().AddSingleton<GrainMetrics>().BuildServiceProvider();
        using var client = new GrpcMediaNodeClient(
            $"http://127.0.0.1:{FreePorts.Find(1)[0]}",
            "token",
            TimeSpan.FromSeconds(2),
            services.GetRequiredService<GrainMetrics>(),
            NullLogger<GrpcMediaNodeClient>.Instance);
        var outcomes =
            await client.ExecuteAsync(
                new OrderBatch { Orders = { new NodeOrder { CloseRoom = new() }, new NodeOrder { ListEndpoints = new() } } });
        Assert.That(
            outcomes.Outcomes.Select(outcome => outcome.Code), Is.EqualTo(new[] { OutcomeCode.Unreachable, OutcomeCode.Unreachable }));
        Assert.That((await client.DrainAsync(true)).Outcome, Is.EqualTo(NodeOutcome.Unreachable));
        Assert.That(
            await client.ProbeAsync(Guid.NewGuid(), TimeSpan.FromSeconds(10)),
            Is.EqualTo(ProbeResult.Gone),
            "refused at once, which is more than silence");
    }
}
