using Hype.MediaNode.Cascade;

namespace Hype.MediaNode.Tests.Cascade;

public sealed class LinkLivenessTests
{
    private static readonly TimeSpan LostAfter = TimeSpan.FromMicroseconds(CascadeLink.LostAfter);
    private static readonly string[] Lost = [CascadeBench.NameOf(0, 1)];

    [Test]
    public void Link_without_media_is_kept_alive_by_a_keepalive_each_second()
    {
        using var bench = new CascadeBench(rooms: 2);

        bench.Advance(TimeSpan.FromSeconds(30));

        Assert.That(bench.LinksLost(0).Concat(bench.LinksLost(1)), Is.Empty);
        Assert.That(bench.OnLinks.Count(sent => sent.From == 0), Is.InRange(29, 31));
        Assert.That(bench.OnLinks.Select(sent => sent.Datagram.Length), Is.All.LessThan(150));
    }

    [Test]
    public void Link_is_reported_as_lost_once_by_the_end_receiving_nothing_for_three_seconds()
    {
        using var bench = new CascadeBench(rooms: 2);
        bench.Advance(TimeSpan.FromSeconds(5));
        bench.Loses = static (from, _) => from == 0;

        bench.Advance(LostAfter - TimeSpan.FromSeconds(1));
        Assert.That(bench.LinksLost(1), Is.Empty);
        bench.Advance(TimeSpan.FromSeconds(20));

        Assert.That(bench.LinksLost(1), Is.EqualTo(Lost));
        Assert.That(bench.LinksLost(0), Is.Empty);
    }

    [Test]
    public void Link_without_any_received_packet_since_its_start_is_reported_as_lost()
    {
        using var bench = new CascadeBench(rooms: 2, linked: false);
        bench.Add(0, bench.Describe(0, 1).First);

        bench.Advance(LostAfter + TimeSpan.FromSeconds(1));

        Assert.That(bench.LinksLost(0), Is.EqualTo(Lost));
    }

    [Test]
    public void Recovered_link_carries_media_and_can_be_reported_as_lost_again()
    {
        using var bench = new CascadeBench(rooms: 2);
        var (speaker, listener) = (bench.Rooms[0].Connect(1), bench.Rooms[1].Connect(2));
        bench.Talk(10, speaker);
        bench.Loses = static (_, _) => true;
        bench.Advance(TimeSpan.FromSeconds(5));
        bench.Loses = static (_, _) => false;
        bench.Advance(TimeSpan.FromSeconds(2));

        listener.Heard.Clear();
        bench.Talk(10, speaker);
        Assert.That(listener.Heard.Select(heard => heard.Word), Is.EqualTo(Enumerable.Range(0, 10)));
        bench.Loses = static (_, _) => true;
        bench.Advance(TimeSpan.FromSeconds(5));

        Assert.That(bench.LinksLost(1), Is.EqualTo(Lost.Concat(Lost)));
    }

    [Test]
    public void Link_recovers_after_receiving_nothing_for_a_quarter_of_an_hour()
    {
        using var bench = new CascadeBench(rooms: 2);
        var (speaker, listener) = (bench.Rooms[0].Connect(1), bench.Rooms[1].Connect(2));
        bench.Talk(10, speaker);
        bench.Loses = static (_, _) => true;
        // More packets than the rollover counter of a receiver that misses all of them would survive.
        for (var part = 0; part < 45; part++)
        {
            bench.Talk(20 * 50, speaker);
            speaker.Check();
            listener.Check();
            bench.OnLinks.Clear();
        }

        bench.Advance(TimeSpan.FromSeconds(3));
        Assert.That(bench.MediaOnLinks, Is.Empty, "keepalives only");

        bench.Loses = static (_, _) => false;
        bench.Advance(TimeSpan.FromSeconds(2));
        listener.Heard.Clear();
        bench.Talk(10, speaker);

        Assert.That(listener.Heard.Select(heard => heard.Word), Is.EqualTo(Enumerable.Range(0, 10)));
    }

    [Test]
    public void Round_trip_time_between_the_two_ends_of_a_link_is_measured()
    {
        using var bench = new CascadeBench(rooms: 2) { Delay = static (_, _) => TimeSpan.FromMilliseconds(100) };

        bench.Advance(TimeSpan.FromSeconds(5));

        Assert.That(bench.Rooms[0].Worker.Counters.LinkRoundTrip, Is.EqualTo(200_000).Within(1_000));
    }
}
