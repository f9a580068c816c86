namespace Hype.Grains.MediaNodes;

/// <summary>The result of a probe of a node's own port.</summary>
internal enum ProbeResult
{
    /// <summary>The expected process answered.</summary>
    Alive,

    /// <summary>Another process answered, or none: the machine refused the connection.</summary>
    Gone,

    /// <summary>No answer in time: the node, the network or this silo is slow or away.</summary>
    Silent,
}
