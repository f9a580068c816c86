using Hype.MediaNode.Diagnostics;
using Hype.MediaNode.Tests.Workers;

namespace Hype.MediaNode.Tests.Hostile;

/// <summary>
/// Tests that no publisher can use up the SRTP indices of a slot: the tickets of portable endpoints limit these indices, and a slot at its
/// limit is mute for every later speaker.
/// </summary>
public sealed class SlotAdvanceTests
{
    // A member hears all others without a selection in a room of up to Slots + 1 members.
    private const int Members = 7;
    private const int SpokenFrames = 250;

    private WorkerBench _bench = null!;
    private WorkerBench? _left;
    private TestPeer[] _peers = null!;

    [SetUp]
    public void Open()
    {
        _bench = new WorkerBench(slots: 3, portable: true);
        _peers = _bench.Connect(Enumerable.Range(1, Members).Select(number => (uint)number));
        _bench.Acknowledge();
    }

    [TearDown]
    public void Close()
    {
        _bench.Dispose();
        _left?.Dispose();
        _left = null;
    }

    [Test]
    public void Speaker_is_heard_after_another_member_jumped_through_the_sequence_numbers_of_every_slot()
    {
        var (listener, honest) = (_peers[0], _peers[1]);
        foreach (var hostile in _peers[2..5])
            Jump(hostile, packets: 12, distance: 1000);
        Silence(TimeSpan.FromSeconds(6));
        listener.Heard.Clear();

        Speak(honest);

        Assert.That(listener.Heard.Count(heard => heard.Speaker == honest.Number), Is.EqualTo(SpokenFrames));
        Assert.That(_bench.Drops[DropReason.BeyondTicket], Is.Zero);
    }

    [Test]
    public void No_packets_of_one_publisher_exhaust_the_indices_of_another([Range(1, 8)] int seed)
    {
        var random = new Random(seed);
        var (listener, honest) = (_peers[0], _peers[1]);
        for (var round = 0; round < 40; round++)
        {
            var hostile = _peers[random.Next(2, Members)];
            var (packets, distance, pause) = (random.Next(1, 600), random.Next(1, 1 << random.Next(1, 15)), random.Next(0, 40));
            for (var i = 0; i < packets; i++)
            {
                hostile.NextSequence += (ushort)random.Next(distance);
                _bench.Time.Advance(TimeSpan.FromMilliseconds(random.Next(pause + 1)));
                hostile.Say(i);
                _bench.Turn();
            }

            Silence(TimeSpan.FromSeconds(random.Next(3)));
        }

        Silence(TimeSpan.FromSeconds(6));
        listener.Heard.Clear();
        Speak(honest);

        Assert.That(listener.Heard.Count(heard => heard.Speaker == honest.Number), Is.EqualTo(SpokenFrames), $"seed {seed}");
        Assert.That(_bench.Drops[DropReason.BeyondTicket], Is.Zero, $"seed {seed}");
        Assert.That(_peers.Sum(peer => peer.Unreadable), Is.Zero, $"seed {seed}");
    }

    [TestCase(200, Description = "5 ms frames")]
    [TestCase(400, Description = "2.5 ms frames, the shortest of Opus")]
    public void Speaker_with_short_frames_is_heard_without_a_gap_for_minutes(int packetsPerSecond)
    {
        const int seconds = 120;
        var (listener, honest) = (_peers[0], _peers[1]);
        for (var second = 0; second < seconds; second++)
        {
            Attend();
            for (var i = 0; i < packetsPerSecond; i++)
            {
                _bench.Time.Advance(TimeSpan.FromSeconds(1.0 / packetsPerSecond));
                honest.Say(i);
                _bench.Turn();
            }
        }

        Assert.That(listener.Heard, Has.Count.EqualTo(seconds * packetsPerSecond));
        Assert.That(_bench.Drops.Total, Is.Zero);
    }

    [TestCase(52, 8, Description = "jumps at the highest permitted pace")]
    [TestCase(200, 1, Description = "5 ms frames")]
    [TestCase(420, 1, Description = "more than the shortest frames of Opus")]
    public void Slots_of_a_revived_room_do_not_reach_the_limit_of_its_first_tickets(int packetsPerSecond, int distance)
    {
        var next = Revive();
        var (listener, honest) = (_peers[0], _peers[1]);
        for (var second = 0; second < 60; second++)
        {
            Attend();
            for (var i = 0; i < packetsPerSecond; i++)
            {
                next.Time.Advance(TimeSpan.FromSeconds(1.0 / packetsPerSecond));
                foreach (var hostile in _peers[2..5])
                {
                    hostile.NextSequence += (ushort)(distance - 1);
                    hostile.Say(i);
                }

                next.Turn();
            }
        }

        Silence(TimeSpan.FromSeconds(6));
        listener.Heard.Clear();
        Speak(honest);

        Assert.That(listener.Heard.Count(heard => heard.Speaker == honest.Number), Is.EqualTo(SpokenFrames));
        Assert.That(next.Drops[DropReason.BeyondTicket], Is.Zero);
        Assert.That(_peers.Sum(peer => peer.Unreadable), Is.Zero);
    }

    [Test]
    public void Speaker_with_frames_of_10_ms_is_heard_without_a_gap_in_a_revived_room()
    {
        var next = Revive();
        var (listener, honest) = (_peers[0], _peers[1]);
        listener.Heard.Clear();
        for (var i = 0; i < 6000; i++)
        {
            if (i % 100 == 0)
                Attend();
            next.Time.Advance(TimeSpan.FromMilliseconds(10));
            honest.Say(i);
            next.Turn();
        }

        Assert.That(listener.Heard.Count(heard => !heard.Padded), Is.EqualTo(6000));
        Assert.That(next.Drops.Total, Is.Zero);
    }

    [Test]
    public void Room_has_its_full_pace_again_when_newer_tickets_are_the_limits_of_its_revived_members()
    {
        var next = Revive();
        var (listener, honest) = (_peers[0], _peers[1]);
        for (var second = 0; second < 45; second++)
            Silence(TimeSpan.FromSeconds(1));
        listener.Heard.Clear();
        for (var i = 0; i < 4000; i++)
        {
            if (i % 400 == 0)
                Attend();
            next.Time.Advance(TimeSpan.FromSeconds(1.0 / 400));
            honest.Say(i);
            next.Turn();
        }

        Assert.That(listener.Heard, Has.Count.EqualTo(4000));
        Assert.That(next.Drops.Total, Is.Zero);
    }

    // All members continue on another node, which takes the place of the bench.
    private WorkerBench Revive()
    {
        var next = new WorkerBench(slots: 3, portable: true, time: _bench.Time);
        foreach (var peer in _peers)
        {
            next.Revive(peer.Number, _bench.Ticket(peer.Number));
            peer.Follow(next.Network);
        }

        (_left, _bench) = (_bench, next);
        Silence(TimeSpan.FromSeconds(0.2));
        return next;
    }

    private void Jump(TestPeer hostile, int packets, int distance)
    {
        for (var i = 0; i < packets; i++)
        {
            hostile.NextSequence += (ushort)distance;
            _bench.Frame(i, hostile);
        }
    }

    private void Speak(TestPeer honest)
    {
        for (var word = 0; word < SpokenFrames; word++)
            _bench.Frame(word, honest);
    }

    private void Silence(TimeSpan time)
    {
        Attend();
        _bench.Advance(time, () => _bench.Acknowledge());
    }

    // The clients renew their consent, and the control plane acknowledges all tickets.
    private void Attend()
    {
        foreach (var peer in _peers)
            peer.Check();
        _bench.Acknowledge();
        _bench.Turn();
    }
}
