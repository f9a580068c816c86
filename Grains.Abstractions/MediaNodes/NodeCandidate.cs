namespace Hype.Grains.Abstractions.MediaNodes;

/// <summary>A UDP transport address of a media node (RFC 8445 host candidate).</summary>
[GenerateSerializer, Immutable, Alias("hype.NodeCandidate")]
public sealed record NodeCandidate([property: Id(0)] string Address, [property: Id(1)] int Port);
