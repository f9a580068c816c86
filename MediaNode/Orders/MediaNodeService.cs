using Grpc.Core;
using Hype.MediaNode.NodeState;
using Hype.MediaNode.Orders.V1;

namespace Hype.MediaNode.Orders;

/// <summary>The gRPC service <c>media_node.proto</c>, by which the control plane sends node orders and probes.</summary>
internal sealed class MediaNodeService(OrderExecutor orders, NodeIdentity identity, NodeDrain drain)
    : MediaNodeControl.MediaNodeControlBase
{
    public override async Task<OutcomeBatch> Execute(OrderBatch request, ServerCallContext context)
    {
        var batch = new OutcomeBatch();
        foreach (var order in request.Orders)
            batch.Outcomes.Add(await orders.ExecuteAsync(order));
        return batch;
    }

    public override Task<DrainReply> Drain(DrainRequest request, ServerCallContext context)
    {
        drain.Request(request.Draining);
        return Task.FromResult(new DrainReply { Draining = drain.IsDraining });
    }

    public override Task<ProbeReply> Probe(ProbeRequest request, ServerCallContext context) =>
        Task.FromResult(new ProbeReply { NodeId = identity.NodeId, Incarnation = identity.Incarnation.ToString() });
}
