using Hype.Grains.Abstractions.Calls;

namespace Hype.Grains.MediaNodes;

/// <summary>
/// The orders of channels to one media node, key = the node's id; the same grain as <c>IMediaNodeGrain</c>. The interface is internal:
/// only channels give orders. <c>media_node.proto</c> is the only declaration of an order, so that a new order touches five places:
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
