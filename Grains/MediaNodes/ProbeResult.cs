namespace Hype.Grains.MediaNodes;

/// <summary>The result of a probe: a direct call to the order port of a media node.</summary>
internal enum ProbeResult
{
    /// <summary>The expected process of the node answered.</summary>
    Alive,

    /// <summary>Another process answered, or the machine refused the connection, so the expected process no longer runs.</summary>
    Gone,

    /// <summary>No answer arrived in time: the node, the network or this silo is slow or has failed.</summary>
    Silent,
}
