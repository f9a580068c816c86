using Hype.Gateway.Sdp;
using Hype.Grains.Abstractions.MediaNodes;

namespace Hype.Gateway.Tests.Sdp;

/// <summary>A browser moves its media to the candidate of the highest priority that answers.</summary>
public sealed class CandidateWriterTests
{
    private static readonly NodeCandidate[] Addresses =
    [
        new("192.0.2.1", 40000), new("2001:DB8::1", 40000), new("192.0.2.2", 40000),
    ];

    [Test]
    public void Each_address_has_a_higher_priority_than_the_next()
    {
        var written = CandidateWriter.Write(Addresses, moves: 3).Select(Parse).ToArray();

        Assert.That(written.Select(candidate => candidate.Protocol), Is.All.EqualTo("udp"));
        Assert.That(written.Select(candidate => candidate.Priority), Is.Ordered.Descending.And.Unique);
    }

    [Test]
    public void Later_move_has_a_higher_priority_than_all_before_it_and_other_foundations([Values(1, 2, 17, 254, 255)] int moves)
    {
        var before = CandidateWriter.Write(Addresses, moves - 1).Select(Parse).ToArray();
        var later = CandidateWriter.Write(Addresses, moves).Select(Parse).ToArray();

        Assert.That(later.Min(candidate => candidate.Priority), Is.GreaterThan(before.Max(candidate => candidate.Priority)));
        Assert.That(later.Select(candidate => candidate.Foundation).Intersect(before.Select(candidate => candidate.Foundation)), Is.Empty);
    }

    [TestCase(256)]
    [TestCase(int.MaxValue)]
    public void Priority_after_very_many_moves_does_not_decrease(int moves) =>
        Assert.That(CandidateWriter.Write(Addresses, moves), Is.EqualTo(CandidateWriter.Write(Addresses, 255)));

    [Test]
    public void Priority_is_that_of_a_host_candidate_of_component_1() =>
        Assert.That(CandidateWriter.Write(Addresses, 7).Select(Parse).Select(candidate => (candidate.Priority >> 24, candidate.Priority & 255)), Is.All.EqualTo((126u, 255u)));

    private static (string Foundation, string Protocol, uint Priority) Parse(string candidate)
    {
        var words = candidate.Split(' ');
        return (words[0], words[2], uint.Parse(words[3], System.Globalization.CultureInfo.InvariantCulture));
    }
}
