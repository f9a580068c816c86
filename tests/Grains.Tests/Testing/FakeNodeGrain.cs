using Hype.Grains.MediaNodes;

namespace Hype.Grains.Tests.Testing;

/// <summary>The orders part of a node's grain in front of a fake node.</summary>
internal sealed class FakeNodeGrain(FakeMediaNode node) : IMediaNodeOrdersGrain
{
    /// <summary>Thrown by the next calls, as when the silo of the grain is gone.</summary>
    public Exception? Failure { get; set; }

    /// <summary>The number of calls, each with one batch.</summary>
    public int Calls { get; private set; }

    public async Task<EncodedOutcomes> Execute(EncodedOrders orders)
    {
        Calls++;
        return Failure is null ? EncodedOutcomes.Of(await node.ExecuteAsync(orders.Decode())) : throw Failure;
    }

    public Task<EncodedOutcomes> Query(EncodedOrders orders) => Execute(orders);
}
