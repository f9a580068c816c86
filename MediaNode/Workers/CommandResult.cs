namespace Hype.MediaNode.Workers;

/// <summary>The outcome of a command to a worker.</summary>
internal enum CommandResult
{
    Done,
    UnknownRoom,
    UnknownEndpoint,

    /// <summary>Another endpoint has this ufrag, or the member already has an endpoint.</summary>
    AlreadyThere,

    /// <summary>The worker has its maximum number of endpoints.</summary>
    Full,

    /// <summary>The number of slot SSRCs is not the room's number of slots.</summary>
    WrongSlots,

    /// <summary>The number of a link's SSRCs, in one direction, is not the room's number of slots.</summary>
    WrongLinkSlots,

    /// <summary>The room has, or had, a link with this name. Its keys must not be used again, because the indices would repeat.</summary>
    LinkAlreadyThere,

    /// <summary>Another link of this worker receives with one of these SSRCs.</summary>
    LinkSsrcTaken,

    /// <summary>This node cannot compare the fingerprint.</summary>
    BadFingerprint,
}
