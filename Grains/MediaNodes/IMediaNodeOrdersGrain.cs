using Hype.Grains.Abstractions.Calls;
using Orleans.CodeGeneration;

namespace Hype.Grains.MediaNodes;

/// <summary>
/// Executes the orders of channels at one media node. The grain key is the node's id; <c>IMediaNodeGrain</c> is another interface of the
/// same grain. This interface is internal: only channels give orders. <c>media_node.proto</c> is the only declaration of an order's
/// message, and the grains between a channel and a node do not read it. A new order touches these places (the names in parentheses are
/// those of <c>AddEndpoint</c>):
/// <list type="number">
/// <item>the record of the order (<c>NodeOrder.cs</c>),</item>
/// <item>the part of the channel that decides it (<c>EndpointPlanner.cs</c>),</item>
/// <item>the rules for its retries, its log line and an answer that the channel does not need (<c>EffectRunner.cs</c>),</item>
/// <item>the method that builds and sends its message (<c>NodeOrders.cs</c>, with <c>EndpointFactory.cs</c> for the content),</item>
/// <item>the message (<c>media_node.proto</c>, with the frozen list of its fields),</item>
/// <item>the method that checks and reads the message on the node (<c>OrderExecutor.cs</c>, with <c>OrderChecks.cs</c> and
/// <c>EndpointSpec.cs</c>),</item>
/// <item>the method that executes it on the room's worker (<c>MediaWorker.Commands.cs</c>),</item>
/// <item>the reaction of the channel to its answer (<c>NodeInputs.cs</c>; a new kind of content is a property of <c>NodeAnswered</c>, read
/// by <c>NodeReplies.cs</c>).</item>
/// </list>
/// </summary>
[Alias("hype.IMediaNodeOrdersGrain"), Version(1)]
internal interface IMediaNodeOrdersGrain : IGrainWithStringKey
{
    /// <summary>
    /// Executes orders on the node one after the other, and returns one outcome per order. A node that does not answer causes an outcome,
    /// not an exception.
    /// </summary>
    [Alias("Execute"), Idempotent]
    Task<EncodedOutcomes> Execute(EncodedOrders orders);

    /// <summary>Executes orders that only read from the node, so the call may be repeated when no answer arrives.</summary>
    [Alias("Query"), Idempotent, ResponseTimeout(CallTimeouts.Attempt)]
    Task<EncodedOutcomes> Query(EncodedOrders orders);
}
