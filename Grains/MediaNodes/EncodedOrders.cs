using Google.Protobuf;
using Hype.MediaNode.Orders.V1;

namespace Hype.Grains.MediaNodes;

/// <summary>
/// Orders to a media node, encoded for a grain call: the bytes of an <see cref="OrderBatch"/> of <c>media_node.proto</c>.
/// </summary>
[GenerateSerializer, Immutable, Alias("hype.EncodedOrders")]
internal sealed record EncodedOrders([property: Id(0)] byte[] Batch)
{
    public static EncodedOrders Of(OrderBatch orders) => new(orders.ToByteArray());

    public OrderBatch Decode() => OrderBatch.Parser.ParseFrom(Batch);

    /// <summary>Returns only the size, because the orders contain keys, which no log may contain.</summary>
    public override string ToString() => $"EncodedOrders {{ {Batch.Length} bytes }}";
}
