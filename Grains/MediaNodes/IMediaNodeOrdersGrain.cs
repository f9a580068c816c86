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
    /// Executes the orders one after the other. Returns one outcome per order; it never throws for a node that does not answer.
    /// </summary>
    [Alias("Execute")]
    Task<EncodedOutcomes> Execute(EncodedOrders orders);

    /// <summary>Executes orders that change nothing on the node; therefore a call without an answer is sent again.</summary>
    [Alias("Query"), ResponseTimeout(CallTimeouts.Attempt)]
    Task<EncodedOutcomes> Query(EncodedOrders orders);
}
