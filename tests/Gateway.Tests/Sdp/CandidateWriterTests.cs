using Hype.Gateway.Sdp;
using Hype.Grains.Abstractions.MediaNodes;

namespace Hype.Gateway.Tests.Sdp;

/// <summary>A browser moves its media to the candidate of the highest priority that answers.</summary>
public sealed class CandidateWriterTests
{
    private static readonly NodeCandidate[] Addresses =
    [
        new("tcp", "192.0.2.1", 40000), new("udp", "192.0.2.1", 40000), new("udp", "2001:DB8::1", 40000), new("tcp", "2001:db8::1", 40000),
    ];

    [Test]
    public void Udp_comes_first_and_each_address_is_preferred_to_the_next()
    {
        var written = CandidateWriter.Write(Addresses, moves: 3).Select(Parse).ToArray();

        Assert.That(written.Select(candidate => candidate.Protocol), Is.EqualTo(new[] { "udp", "udp", "tcp", "tcp" }));
        Assert.That(written.Select(candidate => candidate.Priority), Is.Ordered.Descending.And.Unique);
    }

    [Test]
    public void A_later_move_is_preferred_to_all_before_it_and_shares_no_foundation_with_them([Values("udp", "tcp")] string protocol, [Values(1, 2, 17, 254, 255)] int moves)
    {
        var before = CandidateWriter.Write(Addresses, moves - 1).Select(Parse).Where(candidate => candidate.Protocol == protocol).ToArray();
        var later = CandidateWriter.Write(Addresses, moves).Select(Parse).Where(candidate => candidate.Protocol == protocol).ToArray();

        Assert.That(later.Min(candidate => candidate.Priority), Is.GreaterThan(before.Max(candidate => candidate.Priority)));
        Assert.That(later.Select(candidate => candidate.Foundation).Intersect(before.Select(candidate => candidate.Foundation)), Is.Empty);
    }

    [TestCase(256)]
    [TestCase(int.MaxValue)]
    public void After_very_many_moves_it_is_not_preferred_less(int moves) =>
        Assert.That(CandidateWriter.Write(Addresses, moves), Is.EqualTo(CandidateWriter.Write(Addresses, 255)));

    [TestCase(0)]
    [TestCase(255)]
    public void Tcp_is_never_preferred_to_udp_and_passive_as_RFC_6544_has_it(int moves)
    {
        var written = CandidateWriter.Write(Addresses, moves).Select(Parse).ToArray();
        var udp = CandidateWriter.Write(Addresses, moves: 0).Select(Parse).Where(candidate => candidate.Protocol == "udp");

        Assert.That(written.Where(candidate => candidate.Protocol == "tcp").Max(candidate => candidate.Priority), Is.LessThan(udp.Min(candidate => candidate.Priority)));
        Assert.That(written.Where(candidate => candidate.Protocol == "tcp").Select(candidate => candidate.Priority >> 8 & 0xFFFF), Is.All.Matches<uint>(local => local >> 13 == 4));
    }

    [Test]
    public void The_priority_is_that_of_a_host_candidate_of_component_1() =>
        Assert.That(CandidateWriter.Write(Addresses, 7).Select(Parse).Select(candidate => (candidate.Priority >> 24, candidate.Priority & 255)), Is.All.EqualTo((126u, 255u)));

    private static (string Foundation, string Protocol, uint Priority) Parse(string candidate)
    {
        var words = candidate.Split(' ');
        return (words[0], words[2], uint.Parse(words[3], System.Globalization.CultureInfo.InvariantCulture));
    }
}
