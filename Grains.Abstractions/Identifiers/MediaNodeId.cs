namespace Hype.Grains.Abstractions.Identifiers;

/// <summary>A media node's name, chosen by the node or its operator; it survives restarts.</summary>
[GenerateSerializer, Immutable, Alias("hype.MediaNodeId")]
public readonly record struct MediaNodeId([property: Id(0)] string Value)
{
    public override string ToString() => Value;
}
