using Google.Protobuf;
using Hype.MediaNode.Orders.V1;

namespace Hype.Grains.MediaNodes;

/// <summary>
/// The outcomes of <see cref="EncodedOrders"/>, encoded for a grain call: the bytes of an <see cref="OutcomeBatch"/> of
/// <c>media_node.proto</c>.
/// </summary>
[GenerateSerializer, Immutable, Alias("hype.EncodedOutcomes")]
internal sealed record EncodedOutcomes([property: Id(0)] byte[] Batch)
{
    public static EncodedOutcomes Of(OutcomeBatch outcomes) => new(outcomes.ToByteArray());

    public OutcomeBatch Decode() => OutcomeBatch.Parser.ParseFrom(Batch);

    /// <summary>Returns only the size, because the outcomes contain tickets.</summary>
    public override string ToString() => $"EncodedOutcomes {{ {Batch.Length} bytes }}";
}
