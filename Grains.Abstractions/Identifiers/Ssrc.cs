using System.Globalization;

namespace Hype.Grains.Abstractions.Identifiers;

/// <summary>A synchronisation source (SSRC) of RTP (RFC 3550 §3): the number of a stream within an RTP session.</summary>
[GenerateSerializer, Immutable, Alias("hype.Ssrc")]
public readonly record struct Ssrc([property: Id(0)] uint Value)
{
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
