namespace Hype.Grains.Abstractions.MediaNodes;

/// <summary>The data about a node that the node sends when it registers.</summary>
[GenerateSerializer, Immutable, Alias("hype.NodeRegistration")]
public sealed record NodeRegistration
{
    [Id(0)]
    public required MediaNodeId Node { get; init; }

    [Id(1)]
    public required RegionId Region { get; init; }

    /// <summary>
    /// The id of one run of the node's process. A node with another id is a new process, which has none of the old rooms.
    /// </summary>
    [Id(2)]
    public required Guid Incarnation { get; init; }

    /// <summary>The URL at which the node receives its orders (gRPC, <c>media_node.proto</c>).</summary>
    [Id(3)]
    public required string ControlUrl { get; init; }

    [Id(4)]
    public required string Version { get; init; }

    [Id(5)]
    public required int Workers { get; init; }

    /// <summary>The secret that each call to <see cref="ControlUrl"/> must contain.</summary>
    [Id(6)]
    public string ControlToken { get; init; } = "";

    /// <summary>
    /// The length of the latest period in which the control plane acknowledged the node's messages without a gap of more than 5 s, even if
    /// the node's grain was activated again meanwhile. Tickets that the node issued in this period are valid. Zero: the node is new, or
    /// its messages were not acknowledged.
    /// </summary>
    [Id(7)]
    public TimeSpan AckedFor { get; init; }

    /// <summary>Returns the registration without its token, which no log may contain.</summary>
    public override string ToString() => $"NodeRegistration {{ {Node}, {Region}, {Incarnation}, {ControlUrl} }}";
}
