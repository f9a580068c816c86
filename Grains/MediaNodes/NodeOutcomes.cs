using Grpc.Core;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Abstractions.MediaNodes;
using Hype.MediaNode.Orders.V1;

namespace Hype.Grains.MediaNodes;

/// <summary>
/// Converts node outcomes: from gRPC status codes and codes of <c>media_node.proto</c>, and to errors for clients. No other class does so.
/// </summary>
internal static class NodeOutcomes
{
    /// <summary>Returns the outcome code of each order in a gRPC call that failed as a whole.</summary>
    public static OutcomeCode CodeOf(StatusCode status) => status switch
    {
        StatusCode.Unavailable or StatusCode.DeadlineExceeded or StatusCode.Cancelled => OutcomeCode.Unreachable,
        _ => OutcomeCode.Failed,
    };

    public static NodeOutcome Of(OutcomeCode code) => code switch
    {
        OutcomeCode.Done => NodeOutcome.Done,
        OutcomeCode.UnknownRoom => NodeOutcome.UnknownRoom,
        OutcomeCode.UnknownEndpoint => NodeOutcome.UnknownEndpoint,
        OutcomeCode.StaleEpoch => NodeOutcome.StaleEpoch,
        OutcomeCode.Superseded => NodeOutcome.Superseded,
        OutcomeCode.AlreadyExists => NodeOutcome.AlreadyExists,
        OutcomeCode.NoCapacity => NodeOutcome.NoCapacity,
        OutcomeCode.InvalidOrder => NodeOutcome.InvalidOrder,
        OutcomeCode.InvalidFingerprint => NodeOutcome.InvalidFingerprint,
        OutcomeCode.Unreachable => NodeOutcome.Unreachable,
        // A node of another version may send codes that this one does not know.
        _ => NodeOutcome.Failed,
    };

    /// <summary>Returns the error for a client or an administrator whose request caused the order.</summary>
    public static VoiceError ErrorFor(NodeOutcome outcome) => outcome switch
    {
        NodeOutcome.Done => VoiceError.None,
        NodeOutcome.InvalidFingerprint => VoiceError.InvalidAnswer,
        // A client does not know rooms: the channel replaces the endpoint and sends a new offer.
        NodeOutcome.UnknownRoom or NodeOutcome.UnknownEndpoint or NodeOutcome.StaleEpoch => VoiceError.Unavailable,
        NodeOutcome.Superseded or NodeOutcome.NoCapacity or NodeOutcome.Unreachable => VoiceError.Unavailable,
        NodeOutcome.AlreadyExists or NodeOutcome.InvalidOrder or NodeOutcome.Failed => VoiceError.Internal,
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "An outcome without an error."),
    };

    /// <summary>
    /// Returns true if the node reports that it does not hold the room for this activation of the channel. An unanswered call does not
    /// count, because the node may still hold the room.
    /// </summary>
    public static bool RoomIsGone(NodeOutcome outcome) =>
        outcome is NodeOutcome.UnknownRoom or NodeOutcome.StaleEpoch or NodeOutcome.Superseded;

    /// <summary>Returns the outcomes of a batch in which every order has the same outcome.</summary>
    public static OutcomeBatch ForAll(OrderBatch orders, OutcomeCode code)
    {
        var batch = new OutcomeBatch();
        foreach (var _ in orders.Orders)
            batch.Outcomes.Add(new Outcome { Code = code });
        return batch;
    }
}
