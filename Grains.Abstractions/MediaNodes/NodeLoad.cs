namespace Hype.Grains.Abstractions.MediaNodes;

/// <summary>The load of a media node. The totals count from the start of the node's process.</summary>
[GenerateSerializer, Immutable, Alias("hype.NodeLoad")]
public sealed record NodeLoad
{
    public static readonly NodeLoad Idle = new();

    /// <summary>The highest of the node's three relative loads (CPU, number of endpoints, busiest worker), 0–1.</summary>
    [Id(0)]
    public double Load { get; init; }

    /// <summary>The CPU use of the node's process as a share of the machine's cores, 0–1.</summary>
    [Id(1)]
    public double Cpu { get; init; }

    [Id(2)]
    public int Endpoints { get; init; }

    [Id(3)]
    public int Rooms { get; init; }

    [Id(4)]
    public long PacketsReceived { get; init; }

    /// <summary>The number of media packets that the node has sent to receivers.</summary>
    [Id(5)]
    public long PacketsForwarded { get; init; }

    [Id(6)]
    public long PacketsDropped { get; init; }

    /// <summary>
    /// True if the node takes no new rooms and its rooms move to other nodes, because its process ends or an administrator requested a
    /// drain.
    /// </summary>
    [Id(7)]
    public bool Draining { get; init; }
}
