using Hype.MediaNode.Orders.V1;

namespace Hype.MediaNode.Orders;

/// <summary>The node refuses an order. <see cref="OrderExecutor"/> returns it as the outcome of that order.</summary>
internal sealed class OrderRefusedException(OutcomeCode code, string detail) : Exception(detail)
{
    public OutcomeCode Code { get; } = code;
}
