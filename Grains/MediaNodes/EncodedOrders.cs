using Google.Protobuf;
using Hype.MediaNode.Orders.V1;

namespace Hype.Grains.MediaNodes;

/// <summary>Orders to a media node on their way between grains: an <see cref="OrderBatch"/> of <c>media_node.proto</c> as bytes.</summary>
[GenerateSerializer, Immutable, Alias("hype.EncodedOrders")]
internal sealed record EncodedOrders([property: Id(0)] byte[] Batch)
{
    public static EncodedOrders Of(OrderBatch orders) => new(orders.ToByteArray());

    public OrderBatch Decode() => OrderBatch.Parser.ParseFrom(Batch);

    /// <summary>Never prints the orders, which contain keys: Orleans prints the arguments of a call that timed out.</summary>
    public override string ToString() => $"EncodedOrders {{ {Batch.Length} bytes }}";
}
