using System.Text;
using Hype.Gateway.Sdp;
using Hype.Gateway.Tests.Testing;

namespace Hype.Gateway.Tests.Sdp;

/// <summary>
/// Tests the reader of SDP answers with randomly damaged text. Each round has a seed: a failure names its round, which can be repeated.
/// </summary>
public sealed class AnswerFuzzTests
{
    private const int Rounds = 100_000;
    private const int Seed = 4566;

    [Test]
    public void Mutated_SDP_answer_is_either_parsed_or_rejected_with_a_flaw_without_an_exception()
    {
        byte[][] samples = [Encoding.UTF8.GetBytes(Samples.Answer), Encoding.UTF8.GetBytes(OfferWriter.Write(Samples.Offer))];
        var random = new Random(Seed);
        var seen = new HashSet<AnswerFlaw>();
        for (var round = 0; round < Rounds; round++)
        {
            var sdp = Encoding.UTF8.GetString(Mutation.Of(samples, random));
            try
            {
                var flaw = AnswerReader.Read(sdp, epoch: new(1), random.Next(2) == 0 ? 3 : null, out var answer);
                if (answer is null == (flaw == AnswerFlaw.None) || answer is { Fingerprint.Length: not (32 or 48 or 64) })
                    Assert.Fail($"Round {round} of seed {Seed}: {flaw} with {answer}");
                seen.Add(flaw);
            }
            catch (Exception exception) when (exception is not AssertionException)
            {
                Assert.Fail($"Round {round} of seed {Seed} threw {exception}: {sdp}");
            }
        }

        Assert.That(seen, Does.Contain(AnswerFlaw.None).And.Count.GreaterThan(8), "the mutations reached most checks");
    }
}
