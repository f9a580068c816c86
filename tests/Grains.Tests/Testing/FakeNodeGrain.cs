using Hype.Grains.MediaNodes;

namespace Hype.Grains.Tests.Testing;

/// <summary>
/// A fake of a media node's grain, which passes orders to a fake node. It is a dynamic proxy, because Orleans would register a class that
/// implements the interface as a second grain, also in the silos of other tests.
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

    /// <summary>The exception that all calls throw, as if the grain's silo had failed; null lets them succeed.</summary>
    public Exception? Failure { get; set; }

    /// <summary>The number of calls so far; each call has one batch of orders.</summary>
    public int Calls { get; private set; }

    private async Task<EncodedOutcomes> ExecuteAsync(EncodedOrders orders)
    {
        Calls++;
        return Failure is null ? EncodedOutcomes.Of(await _node.ExecuteAsync(orders.Decode())) : throw Failure;
    }
}
