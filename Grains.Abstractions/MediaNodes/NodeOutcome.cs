namespace Hype.Grains.Abstractions.MediaNodes;

/// <summary>The result of an order to a media node. It is not an error for clients; those are <see cref="Errors.VoiceError"/>.</summary>
public enum NodeOutcome
{
    /// <summary>The node executed the order.</summary>
    Done,

    /// <summary>The node does not hold the room.</summary>
    UnknownRoom,

    /// <summary>The node holds the room, but not the endpoint.</summary>
    UnknownEndpoint,

    /// <summary>The order names an older room epoch than the newest room of the channel at the node.</summary>
    StaleEpoch,

    /// <summary>The order comes from an earlier activation of the channel than the latest one that the node knows.</summary>
    Superseded,

    /// <summary>The member number, ICE ufrag, link name or SSRC in the order is already in use.</summary>
    AlreadyExists,

    /// <summary>The node is full or draining. As the result of a placement: no node has capacity for the room.</summary>
    NoCapacity,

    /// <summary>The content of the order is invalid.</summary>
    InvalidOrder,

    /// <summary>
    /// The certificate fingerprint in the client's SDP answer is not SHA-256, SHA-384 or SHA-512, or its length is wrong.
    /// </summary>
    InvalidFingerprint,

    /// <summary>The node did not answer; it may or may not have executed the order.</summary>
    Unreachable,

    /// <summary>The order failed for another reason.</summary>
    Failed,
}
