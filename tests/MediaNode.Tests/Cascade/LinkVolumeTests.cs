namespace Hype.MediaNode.Tests.Cascade;

public sealed class LinkVolumeTests
{
    private const int Seconds = 4;

    [Test]
    public void Number_of_bytes_on_a_link_is_independent_of_the_number_of_listeners()
    {
        var (few, many) = (BytesWith(listeners: 1), BytesWith(listeners: 30));

        Assert.That(few, Is.GreaterThan(Seconds * 50 * 100));
        Assert.That(many, Is.EqualTo(few));
    }

    [Test]
    public void Link_traffic_is_counted_at_both_ends()
    {
        using var bench = new CascadeBench(rooms: 2);
        var speaker = bench.Rooms[0].Connect(1);
        bench.Rooms[1].Connect(2);
        bench.Talk(Seconds * 50, speaker);

        var (near, far) = (bench.Rooms[0].Worker.Counters, bench.Rooms[1].Worker.Counters);
        var sent = bench.OnLinks.Where(sent => sent.From == 0).ToArray();
        Assert.That(near.LinkPacketsSent, Is.EqualTo(sent.Length));
        Assert.That(near.LinkBytesSent, Is.EqualTo(sent.Sum(each => each.Datagram.Length)));
        Assert.That((far.LinkPacketsReceived, far.LinkBytesReceived), Is.EqualTo((near.LinkPacketsSent, near.LinkBytesSent)));
        Assert.That(far.LinkPacketsSent, Is.GreaterThanOrEqualTo(Seconds - 1), "keepalives");
        Assert.That(near.Forwarded, Is.Zero, "a link does not count as a receiver");
        Assert.That((near.Links, far.Links), Is.EqualTo((1, 1)));
    }

    private static long BytesWith(int listeners)
    {
        using var bench = new CascadeBench(rooms: 2);
        var speaker = bench.Rooms[0].Connect(1);
        bench.Rooms[0].Connect(Enumerable.Range(100, listeners).Select(number => (uint)number));
        bench.Rooms[1].Connect(Enumerable.Range(200, listeners).Select(number => (uint)number));
        bench.OnLinks.Clear();
        bench.Talk(Seconds * 50, speaker);
        return bench.OnLinks.Sum(sent => sent.Datagram.Length);
    }
}
