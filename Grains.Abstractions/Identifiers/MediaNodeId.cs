namespace Hype.Grains.Abstractions.Identifiers;

/// <summary>The name of a media node, chosen by the node or its operator; it stays the same after a restart of the node.</summary>
[GenerateSerializer, Immutable, Alias("hype.MediaNodeId")]
public readonly record struct MediaNodeId([property: Id(0)] string Value)
{
    public override string ToString() => Value;
}
