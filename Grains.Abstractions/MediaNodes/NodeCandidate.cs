namespace Hype.Grains.Abstractions.MediaNodes;

/// <summary>A UDP address at which a media node receives media (a host candidate of RFC 8445).</summary>
[GenerateSerializer, Immutable, Alias("hype.NodeCandidate")]
public sealed record NodeCandidate([property: Id(0)] string Address, [property: Id(1)] int Port);
