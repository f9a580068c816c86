using Hype.Grains.MediaNodes;

namespace Hype.Grains.Tests.Testing;

/// <summary>
/// A node's grain that passes orders to a fake node. The grain is a proxy: Orleans would register a class that implements the interface as
/// a second grain, also in the silos of other tests.
/// </summary>
internal sealed class FakeNodeGrain
{
    private readonly FakeMediaNode _node;

    public FakeNodeGrain(FakeMediaNode node)
    {
        _node = node;
        Grain = FakeCalls.Create<IMediaNodeOrdersGrain>((_, arguments) => ExecuteAsync((EncodedOrders)arguments[0]!));
    }

    public IMediaNodeOrdersGrain Grain { get; }

    /// <summary>The exception of the next calls, as if the grain's silo were gone; null: they succeed.</summary>
    public Exception? Failure { get; set; }

    /// <summary>The number of calls, each with one batch.</summary>
    public int Calls { get; private set; }

    private async Task<EncodedOutcomes> ExecuteAsync(EncodedOrders orders)
    {
        Calls++;
        return Failure is null ? EncodedOutcomes.Of(await _node.ExecuteAsync(orders.Decode())) : throw Failure;
    }
}
