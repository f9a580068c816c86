using Google.Protobuf;
using Hype.Grains.MediaNodes;
using Hype.MediaNode.Orders.V1;

namespace Hype.Grains.Tests.MediaNodes;

public sealed class EncodedOutcomesTests
{
    private static readonly OutcomeBatch Batch = new()
    {
        Outcomes =
        {
            new Outcome
            {
                Code = OutcomeCode.Done,
                ReleasedEndpoint = new() { Ticket = new() { Sealed = ByteString.CopyFromUtf8("secret-ticket") } },
            },
        },
    };

    [Test]
    public void Outcomes_are_equal_after_encoding_and_decoding() => Assert.That(EncodedOutcomes.Of(Batch).Decode(), Is.EqualTo(Batch));

    [Test]
    public void Text_form_of_encoded_outcomes_contains_only_the_size_in_bytes()
    {
        var encoded = EncodedOutcomes.Of(Batch);
        Assert.That(encoded.ToString(), Is.EqualTo($"EncodedOutcomes {{ {Batch.CalculateSize()} bytes }}"));
    }
}
