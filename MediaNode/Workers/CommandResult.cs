namespace Hype.MediaNode.Workers;

/// <summary>The result of a command to a worker.</summary>
internal enum CommandResult
{
    Done,
    UnknownRoom,
    UnknownEndpoint,

    /// <summary>Another endpoint of this worker has the ufrag, or the member already has an endpoint in the room.</summary>
    AlreadyThere,

    /// <summary>The worker has its maximum number of endpoints.</summary>
    Full,

    /// <summary>The command contains more or fewer slot SSRCs than the room has slots.</summary>
    WrongSlots,

    /// <summary>
    /// Too few SRTP indices are left for a further revival that the client can follow: the member needs a new transport.
    /// </summary>
    TicketSpent,

    /// <summary>A direction of the link has more or fewer SSRCs than the room has slots.</summary>
    WrongLinkSlots,

    /// <summary>The room has, or had, a link with this name. A second link with the same keys would repeat SRTP indices.</summary>
    LinkAlreadyThere,

    /// <summary>Another link of this worker receives with one of these SSRCs.</summary>
    LinkSsrcTaken,

    /// <summary>The fingerprint has a hash algorithm or length that this node does not support.</summary>
    BadFingerprint,
}
