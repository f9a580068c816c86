using Hype.Gateway.Signaling.Messages;
using Hype.Gateway.Signaling.Replica;
using Hype.Gateway.Tests.Sdp;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.MediaNodes;

namespace Hype.Gateway.Tests.Signaling.Replica;

/// <summary>Tests the offers and candidates that a client receives when its endpoint moves.</summary>
public sealed class OfferedTransportTests
{
    private static readonly EndpointMoved Moved = new(
        SessionId.New(),
        new(2),
        [new NodeCandidate("192.0.2.7", 40000), new NodeCandidate("2001:db8::7", 40000)],
        "ufrg",
        new RegionId("eu-west"));

    [Test]
    public void Endpoint_move_is_sent_as_one_ICE_candidate_for_each_address()
    {
        var candidates = new OfferedTransport(0).Move(Moved).ToArray();

        Assert.That(candidates.Select(message => (message.Epoch, message.Region)), Is.All.EqualTo((new LayoutEpoch(2), "eu-west")));
        Assert.That(
            candidates.Select(message => (message.Candidate.SdpMid, message.Candidate.SdpMLineIndex, message.Candidate.UsernameFragment)),
            Is.All.EqualTo(("mic", 0, "ufrg")));
        Assert.That(
            candidates.Select(message => message.Candidate.Candidate.Split(' ')[4]), Is.EqualTo(new[] { "192.0.2.7", "2001:db8::7" }));
    }

    [Test]
    public void Candidates_of_an_endpoint_move_have_a_higher_priority_than_the_offer_and_earlier_moves()
    {
        var transport = new OfferedTransport(0);
        var offered = FirstPriority(transport.Offer(Samples.Offer)!);

        var first = Priority(transport.Move(Moved).First().Candidate.Candidate);
        var second = Priority(transport.Move(Moved).First().Candidate.Candidate);

        Assert.That(new[] { offered, first, second }, Is.Ordered.Ascending.And.Unique);
    }

    [Test]
    public void Candidate_priority_exceeds_the_priorities_of_moves_sent_by_another_gateway()
    {
        var here = new OfferedTransport(0);
        var before = here.Move(Moved).Concat(here.Move(Moved)).Max(message => Priority(message.Candidate.Candidate));

        Assert.That(Priority(new OfferedTransport(moves: 2).Move(Moved).First().Candidate.Candidate), Is.GreaterThan(before));
    }

    [Test]
    public void ICE_restart_offer_has_a_later_SDP_version_and_candidates_of_higher_priority()
    {
        var transport = new OfferedTransport(0);
        var first = transport.Offer(Samples.Offer)!;

        var restart = transport.Offer(Samples.Offer with { IceUfrag = "new-ufrag", Restart = true })!;

        Assert.That((first.Restart, restart.Restart), Is.EqualTo((false, true)));
        Assert.That(new[] { first.Region, restart.Region }, Is.All.EqualTo(Samples.Offer.Region.Value));
        Assert.That(Origin(first), Is.EqualTo("o=hype 2 1 IN IP4 0.0.0.0"));
        Assert.That(Origin(restart), Is.EqualTo("o=hype 2 2 IN IP4 0.0.0.0"));
        Assert.That(FirstPriority(restart), Is.GreaterThan(FirstPriority(first)));
        Assert.That(transport.OfferedMediaCount(new(2)), Is.EqualTo(3));
    }

    [Test]
    public void Media_count_is_known_only_for_the_newest_offer()
    {
        var transport = new OfferedTransport(0);
        Assert.That(transport.OfferedMediaCount(new(2)), Is.Null);
        transport.Offer(Samples.Offer);
        Assert.That((transport.OfferedMediaCount(new(1)), transport.OfferedMediaCount(new(2))), Is.EqualTo(((int?)null, (int?)3)));
    }

    [Test]
    public void Same_offer_is_sent_only_once_to_a_socket()
    {
        var transport = new OfferedTransport(0);
        transport.Offer(Samples.Offer);

        Assert.That(transport.Offer(Samples.Offer), Is.Null);
        Assert.That(
            transport.Offer(Samples.Offer with { IceUfrag = "another-transport" }), Is.Not.Null, "a new transport in the same epoch");
        Assert.That(new OfferedTransport(0).Offer(Samples.Offer), Is.Not.Null, "another socket has not received it");
    }

    private static string Origin(OfferMessage offer) =>
        offer.Sdp.Split("\r\n").Single(line => line.StartsWith("o=", StringComparison.Ordinal));

    private static uint FirstPriority(OfferMessage offer) =>
        Priority(offer.Sdp.Split("\r\n").First(line => line.StartsWith("a=candidate:", StringComparison.Ordinal)));

    private static uint Priority(string candidate) =>
        uint.Parse(candidate.Split(' ')[3], System.Globalization.CultureInfo.InvariantCulture);
}
