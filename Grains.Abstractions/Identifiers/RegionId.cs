namespace Hype.Grains.Abstractions.Identifiers;

/// <summary>The name that the operator gave to a group of nearby media nodes (<c>eu-west</c>; <c>local</c> on a laptop).</summary>
[GenerateSerializer, Immutable, Alias("hype.RegionId")]
public readonly record struct RegionId([property: Id(0)] string Value)
{
    public override string ToString() => Value;
}
