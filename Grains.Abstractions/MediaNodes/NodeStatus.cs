namespace Hype.Grains.Abstractions.MediaNodes;

/// <summary>The status of a registered node, for the list of its region and for the admin API.</summary>
[GenerateSerializer, Immutable, Alias("hype.NodeStatus")]
public sealed record NodeStatus
{
    [Id(0)]
    public required NodeRegistration Registration { get; init; }

    [Id(1)]
    public required NodeLoad Load { get; init; }

    [Id(2)]
    public required DateTimeOffset LastHeartbeat { get; init; }
}
