using Google.Protobuf;
using Hype.Grains.MediaNodes;
using Hype.MediaNode.Orders.V1;

namespace Hype.Grains.Tests.MediaNodes;

public sealed class EncodedOrdersTests
{
    private static readonly OrderBatch Batch = new()
    {
        Orders = { new NodeOrder { OpenRoom = new() { Identity = new() { PrivateKey = ByteString.CopyFromUtf8("secret-key") } } } },
    };

    [Test]
    public void Orders_are_equal_after_encoding_and_decoding() => Assert.That(EncodedOrders.Of(Batch).Decode(), Is.EqualTo(Batch));

    [Test]
    public void Text_form_of_encoded_orders_contains_only_the_size_in_bytes()
    {
        var encoded = EncodedOrders.Of(Batch);
        Assert.That(encoded.ToString(), Is.EqualTo($"EncodedOrders {{ {Batch.CalculateSize()} bytes }}"));
    }
}
