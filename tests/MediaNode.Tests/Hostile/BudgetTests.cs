using Hype.MediaNode.Diagnostics;
using Hype.MediaNode.Rooms;
using Hype.MediaNode.Tests.Workers;

namespace Hype.MediaNode.Tests.Hostile;

/// <summary>Tests the traffic budgets of a member: legal audio is never dropped, and floods are dropped before decryption.</summary>
public sealed class BudgetTests
{
    private WorkerBench _bench = null!;
    private TestPeer _listener = null!;
    private TestPeer _speaker = null!;

    [SetUp]
    public void Open()
    {
        _bench = new WorkerBench();
        (_listener, _speaker) = (_bench.Connect(1), _bench.Connect(2));
    }

    [TearDown]
    public void Close() => _bench.Dispose();

    [TestCase(2.5, 160, Description = "510 kbit/s, the highest bit rate of Opus")]
    [TestCase(10, 640)]
    [TestCase(20, 1275)]
    [TestCase(60, 1400)]
    public void Legal_Opus_is_never_dropped(double milliseconds, int payload)
    {
        var frames = (int)(10_000 / milliseconds);
        for (var i = 0; i < frames; i++)
            Send(TimeSpan.FromMilliseconds(milliseconds), payload);

        Assert.That(_listener.Heard, Has.Count.EqualTo(frames));
        Assert.That(_bench.Drops.Total, Is.Zero);
    }

    [Test]
    public void Frames_that_a_network_stall_of_a_second_delivers_together_are_all_heard()
    {
        for (var stall = 0; stall < 5; stall++)
        {
            _bench.Time.Advance(TimeSpan.FromSeconds(1));
            for (var i = 0; i < 50; i++)
                _speaker.Say(i);
            _bench.Turn();
        }

        Assert.That(_listener.Heard, Has.Count.EqualTo(250));
    }

    [TestCase(2_000, 80)]
    [TestCase(2_000, 1_380)]
    public void Flood_of_a_publisher_reaches_no_listener_beyond_the_budget(int packetsPerSecond, int payload)
    {
        const int seconds = 10;
        for (var i = 0; i < seconds * packetsPerSecond; i++)
            Send(TimeSpan.FromSeconds(1.0 / packetsPerSecond), payload);

        Assert.That(_listener.Heard, Has.Count.LessThanOrEqualTo(420 * (seconds + 1)));
        Assert.That(_listener.Heard.Sum(heard => heard.Payload.Length), Is.LessThanOrEqualTo(100_000 * (seconds + 1)));
        Assert.That(_bench.Drops[DropReason.PublisherTooFast], Is.GreaterThan(seconds * packetsPerSecond / 2));
    }

    [Test]
    public void Packets_forged_with_a_members_address_do_not_use_up_its_budget()
    {
        var forged = _speaker.Frame(0);
        forged[^1] ^= 1;
        for (var i = 0; i < 250; i++)
        {
            for (var copy = 0; copy < 40; copy++)
                _speaker.Send(forged);
            _bench.Frame(i, _speaker);
        }

        Assert.That(_listener.Heard, Has.Count.EqualTo(250));
    }

    [Test]
    public void Flood_of_RTCP_and_of_DTLS_is_dropped()
    {
        for (var i = 0; i < 1_000; i++)
        {
            _speaker.SendReport([0x80, 201, 0, 1, 0, 0, 0, 1]);
            _speaker.Send([22, 254, 253, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0]);
            _bench.Turn();
        }

        Assert.That(_bench.Drops[DropReason.RtcpTooFast], Is.EqualTo(960));
        Assert.That(_bench.Drops[DropReason.DtlsTooFast], Is.InRange(890, 910));
        Assert.That(_bench.IsConnected(_speaker.Number), Is.True);
    }

    [Test]
    public void DTLS_records_forged_with_a_members_address_neither_stop_its_handshake_nor_report_it()
    {
        byte[] forged = [23, 254, 253, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0];
        var newcomer = _bench.Add(3);
        newcomer.Check();
        for (var i = 0; i < 200; i++)
            newcomer.Send(forged);
        newcomer.Greet();
        _bench.Turn();
        _bench.Answer(newcomer);
        Assert.That(_bench.IsConnected(3), Is.True);

        _bench.Advance(TimeSpan.FromSeconds(20), () =>
        {
            _listener.Check();
            _speaker.Check();
            for (var i = 0; i < 50; i++)
                newcomer.Send(forged);
        });

        Assert.That(_bench.Drops[DropReason.DtlsTooFast], Is.GreaterThan(5_000));
        Assert.That(Reports(), Is.Zero);
    }

    [Test]
    public void Flooding_member_is_reported_once_a_minute_after_five_seconds_of_excess()
    {
        Flood(TimeSpan.FromSeconds(4));
        Assert.That(Reports(), Is.Zero);
        Flood(TimeSpan.FromSeconds(2));
        Assert.That(Reports(), Is.EqualTo(1));
        Flood(TimeSpan.FromSeconds(50));
        Assert.That(Reports(), Is.EqualTo(1));
        Flood(TimeSpan.FromSeconds(15));
        Assert.That(Reports(), Is.EqualTo(2));
        Assert.That(_bench.Worker.Counters.Flooding, Is.EqualTo(2));
    }

    [Test]
    public void Short_excess_is_not_reported()
    {
        for (var i = 0; i < 5; i++)
        {
            Flood(TimeSpan.FromSeconds(3));
            _bench.Advance(TimeSpan.FromSeconds(3));
        }

        Assert.That(Reports(), Is.Zero);
    }

    private int Reports() => _bench.Events.Count(happened => happened.Kind == RoomEventKind.Flooding);

    private void Flood(TimeSpan time) => _bench.Advance(time, () =>
    {
        _listener.Check();
        _speaker.Check();
        for (var i = 0; i < 300; i++)
            _speaker.Say(i);
    });

    private void Send(TimeSpan after, int payload)
    {
        _bench.Time.Advance(after);
        _speaker.Send(_speaker.Frame(new byte[payload]));
        _bench.Turn();
    }
}
