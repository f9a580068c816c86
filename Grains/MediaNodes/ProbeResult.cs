namespace Hype.Grains.MediaNodes;

/// <summary>What a probe of a node's own port found.</summary>
internal enum ProbeResult
{
    /// <summary>The process that is expected there.</summary>
    Alive,

    /// <summary>Another process, or none: its machine refused the connection.</summary>
    Gone,

    /// <summary>No answer in time: the node, the network, or whoever asked is slow or away.</summary>
    Silent,
}
