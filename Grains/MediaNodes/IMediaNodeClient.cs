using Hype.Grains.Abstractions.MediaNodes;
using Hype.MediaNode.Orders.V1;

namespace Hype.Grains.MediaNodes;

/// <summary>The connection of a node's grain to its node. A failed call is an outcome, never an exception.</summary>
internal interface IMediaNodeClient : IDisposable
{
    /// <summary>Executes orders one after the other; returns one outcome per order.</summary>
    Task<OutcomeBatch> ExecuteAsync(OrderBatch orders);

    /// <summary>Starts or ends a drain. Returns whether the node drains now: a node that is about to end continues to drain.</summary>
    Task<(NodeOutcome Outcome, bool Draining)> DrainAsync(bool draining);

    /// <summary>Checks that the process of this incarnation answers.</summary>
    Task<ProbeResult> ProbeAsync(Guid incarnation, TimeSpan timeout);
}
