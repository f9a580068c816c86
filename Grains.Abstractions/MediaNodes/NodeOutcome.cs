namespace Hype.Grains.Abstractions.MediaNodes;

/// <summary>
/// The result of an order to a media node, in the vocabulary of nodes. A client's errors are <see cref="Errors.VoiceError"/>.
/// </summary>
public enum NodeOutcome
{
    /// <summary>The node executed the order.</summary>
    Done,

    /// <summary>The node does not hold the room.</summary>
    UnknownRoom,

    /// <summary>The node holds the room, but not the endpoint.</summary>
    UnknownEndpoint,

    /// <summary>The node knows a newer room of the channel.</summary>
    StaleEpoch,

    /// <summary>The number, ufrag, link name or SSRC of the order is in use.</summary>
    AlreadyExists,

    /// <summary>The node is full or draining. For a placement: no node has capacity for the room.</summary>
    NoCapacity,

    /// <summary>The node rejected the content of the order.</summary>
    InvalidOrder,

    /// <summary>The node cannot compare the client's certificate with the fingerprint of its answer.</summary>
    InvalidFingerprint,

    /// <summary>The node did not answer; it may or may not have executed the order.</summary>
    Unreachable,

    /// <summary>The order failed for another reason.</summary>
    Failed,
}
