using Hype.MediaNode.Orders.V1;

namespace Hype.MediaNode.Orders;

/// <summary>Refuses a node order; <see cref="OrderExecutor"/> catches it and returns the refusal as the outcome of that order.</summary>
internal sealed class OrderRefusedException(OutcomeCode code, string detail) : Exception(detail)
{
    public OutcomeCode Code { get; } = code;
}
