using Hype.Grains.Abstractions.Calls;

namespace Hype.Grains.MediaNodes;

/// <summary>
/// Executes the orders of channels at one media node. The grain key is the node's id; <c>IMediaNodeGrain</c> is another interface of the
/// same grain. This interface is internal: only channels give orders. <c>media_node.proto</c> is the only declaration of an order, so that
/// a new order touches five places:
/// <list type="number">
/// <item>the effect by which the channel decides it (<c>NodeOrder.cs</c>),</item>
/// <item>the method that sends it and builds its answer (<c>NodeOrders.cs</c>),</item>
/// <item>its message in <c>media_node.proto</c>,</item>
/// <item>the method that reads the message on the node (<c>OrderExecutor.cs</c>),</item>
/// <item>the method that executes it on the room's worker (<c>MediaWorker</c>).</item>
/// </list>
/// </summary>
[Alias("hype.IMediaNodeOrdersGrain")]
internal interface IMediaNodeOrdersGrain : IGrainWithStringKey
{
    /// <summary>
    /// Executes orders on the node one after the other, and returns one outcome per order. A node that does not answer causes an outcome,
    /// not an exception.
    /// </summary>
    [Alias("Execute")]
    Task<EncodedOutcomes> Execute(EncodedOrders orders);

    /// <summary>Executes orders that only read from the node, so the call may be repeated when no answer arrives.</summary>
    [Alias("Query"), ResponseTimeout(CallTimeouts.Attempt)]
    Task<EncodedOutcomes> Query(EncodedOrders orders);
}
