namespace Hype.Grains.Abstractions.MediaNodes;

/// <summary>The result of an order to a media node, in the vocabulary of nodes. A client's errors are <see cref="Errors.VoiceError"/>.</summary>
[Alias("hype.NodeOutcome")]
public enum NodeOutcome
{
    /// <summary>The node carried the order out.</summary>
    Done = 0,

    /// <summary>No media node has capacity for the room.</summary>
    NoMediaNode = 1,

    /// <summary>The node did not answer; it may or may not have carried the order out.</summary>
    Unreachable = 2,

    /// <summary>The node does not hold the room.</summary>
    UnknownRoom = 3,

    /// <summary>The node holds the room, but not the endpoint.</summary>
    UnknownEndpoint = 4,

    /// <summary>The node holds a newer room of the channel.</summary>
    StaleEpoch = 5,

    /// <summary>The node rejected the content of the order.</summary>
    Invalid = 6,

    /// <summary>The node could not carry the order out for another reason.</summary>
    Failed = 7,
}
