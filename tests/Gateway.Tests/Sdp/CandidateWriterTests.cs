using System.Globalization;
using Hype.Gateway.Sdp;
using Hype.Grains.Abstractions.MediaNodes;

namespace Hype.Gateway.Tests.Sdp;

/// <summary>Tests the order of candidate priorities, which decides to which address a browser moves its media.</summary>
public sealed class CandidateWriterTests
{
    private static readonly NodeCandidate[] Addresses = [new("192.0.2.1", 40000), new("2001:DB8::1", 40000)];

    [Test]
    public void Candidates_are_written_in_the_order_of_the_addresses_with_decreasing_priority()
    {
        var written = CandidateWriter.Write(Addresses, moves: 3).ToArray();
        Assert.That(written[0], Does.Contain(" udp ").And.Contain(" 192.0.2.1 40000 typ host"));
        Assert.That(written[1], Does.Contain(" udp ").And.Contain(" 2001:db8::1 40000 typ host"));
        Assert.That(written.Select(Parse).Select(candidate => candidate.Priority), Is.Ordered.Descending.And.Unique);
    }

    [Test]
    public void Candidates_of_a_later_endpoint_move_have_higher_priorities_and_other_foundations([Values(1, 2, 17, 254, 255)] int moves)
    {
        var before = CandidateWriter.Write(Addresses, moves - 1).Select(Parse).ToArray();
        var later = CandidateWriter.Write(Addresses, moves).Select(Parse).ToArray();

        Assert.That(later.Min(candidate => candidate.Priority), Is.GreaterThan(before.Max(candidate => candidate.Priority)));
        Assert.That(later.Select(candidate => candidate.Foundation).Intersect(before.Select(candidate => candidate.Foundation)), Is.Empty);
    }

    [TestCase(256)]
    [TestCase(int.MaxValue)]
    public void Candidate_priority_no_longer_rises_after_255_endpoint_moves(int moves) =>
        Assert.That(CandidateWriter.Write(Addresses, moves), Is.EqualTo(CandidateWriter.Write(Addresses, 255)));

    [Test]
    public void Priority_equals_the_RFC_8445_priority_of_a_UDP_host_candidate_of_component_1([Values(0, 7, 255)] int moves) =>
        Assert.That(
            CandidateWriter
                .Write(Addresses, moves)
                .Select(Parse)
                .Select(candidate => (candidate.Priority >> 24, candidate.Priority >> 21 & 7, candidate.Priority & 255)),
            Is.All.EqualTo((126u, 7u, 255u)));

    private static (string Foundation, uint Priority) Parse(string candidate)
    {
        var words = candidate.Split(' ');
        return (words[0], uint.Parse(words[3], CultureInfo.InvariantCulture));
    }
}
