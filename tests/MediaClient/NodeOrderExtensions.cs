using Hype.MediaNode.Orders.V1;

namespace Hype.MediaClient;

/// <summary>Sends single orders to a media node, as the control plane does.</summary>
internal static class NodeOrderExtensions
{
    /// <summary>Executes an order and returns its outcome.</summary>
    public static async Task<Outcome> ExecuteAsync(this MediaNodeControl.MediaNodeControlClient node, NodeOrder order) =>
        (await node.ExecuteAsync(new OrderBatch { Orders = { order } })).Outcomes.Single();

    /// <summary>Executes an order and returns its outcome; throws if the order was refused.</summary>
    public static async Task<Outcome> SucceedAsync(this MediaNodeControl.MediaNodeControlClient node, NodeOrder order)
    {
        var outcome = await node.ExecuteAsync(order);
        return outcome.Code == OutcomeCode.Done
            ? outcome
            : throw new InvalidOperationException($"{order.BodyCase}: {outcome.Code}, {outcome.Detail}");
    }
}
