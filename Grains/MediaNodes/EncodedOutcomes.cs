using Google.Protobuf;
using Hype.MediaNode.Orders.V1;

namespace Hype.Grains.MediaNodes;

/// <summary>The outcomes of <see cref="EncodedOrders"/>: an <see cref="OutcomeBatch"/> of <c>media_node.proto</c> as bytes.</summary>
[GenerateSerializer, Immutable, Alias("hype.EncodedOutcomes")]
internal sealed record EncodedOutcomes([property: Id(0)] byte[] Batch)
{
    public static EncodedOutcomes Of(OutcomeBatch outcomes) => new(outcomes.ToByteArray());

    public OutcomeBatch Decode() => OutcomeBatch.Parser.ParseFrom(Batch);

    /// <summary>Never prints the outcomes, which contain tickets.</summary>
    public override string ToString() => $"EncodedOutcomes {{ {Batch.Length} bytes }}";
}
