using Hype.Grains.Abstractions.MediaNodes;
using Hype.MediaNode.Orders.V1;

namespace Hype.Grains.MediaNodes;

/// <summary>The connection from the grain of a media node to that node. A failed call returns an outcome and never throws.</summary>
internal interface IMediaNodeClient : IDisposable
{
    /// <summary>Executes orders on the node one after the other, and returns one outcome per order.</summary>
    Task<OutcomeBatch> ExecuteAsync(OrderBatch orders);

    /// <summary>
    /// Starts or ends a drain of the node. Returns whether the node is draining now: a node whose process is about to end continues to
    /// drain.
    /// </summary>
    Task<(NodeOutcome Outcome, bool Draining)> DrainAsync(bool draining);

    /// <summary>Checks that the node process of this incarnation answers.</summary>
    Task<ProbeResult> ProbeAsync(Guid incarnation, TimeSpan timeout);
}
