namespace Hype.Grains.Abstractions.Regions;

/// <summary>A place where media nodes stand, by the operator's name for it (<c>eu-west</c>; <c>local</c> on a laptop).</summary>
[GenerateSerializer, Immutable, Alias("hype.RegionId")]
public readonly record struct RegionId([property: Id(0)] string Value)
{
    public override string ToString() => Value;
}
