namespace Hype.Grains.Abstractions.MediaNodes;

/// <summary>A media node's name, chosen by the node (or its operator) and stable over restarts.</summary>
[GenerateSerializer, Immutable, Alias("hype.MediaNodeId")]
public readonly record struct MediaNodeId([property: Id(0)] string Value)
{
    public override string ToString() => Value;
}
