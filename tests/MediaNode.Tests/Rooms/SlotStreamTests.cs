using Hype.MediaNode.Rooms;
using Hype.MediaNode.Rtp;
using Hype.MediaNode.Srtp;

namespace Hype.MediaNode.Tests.Rooms;

public sealed class SlotStreamTests
{
    private const long Frame = 20_000;
    private const uint FrameTicks = 960;

    private static readonly SlotSource Ann = new(new MemberNumber(1), 1);
    private static readonly SlotSource Bob = new(new MemberNumber(2), 1);

    private SlotStream _slot = new(new Ssrc(7));

    [SetUp]
    public void Empty() => _slot = new SlotStream(new Ssrc(7));

    [Test]
    public void Change_of_speaker_advances_the_sequence_number_by_one_and_the_timestamp_by_the_elapsed_time()
    {
        var before = Map(Ann, 5000, 1_000_000, now: 0);

        var after = Map(Bob, 60_000, 77, now: 3 * Frame);

        Assert.That(before.Starts && after.Starts, Is.True, "each stretch starts with the marker");
        Assert.That(after.Sequence, Is.EqualTo((ushort)(before.Sequence + 1)));
        Assert.That(after.Timestamp - before.Timestamp, Is.EqualTo(3 * FrameTicks));
    }

    [Test]
    public void RTP_timestamp_advances_by_one_frame_when_the_speaker_changes_within_a_frame()
    {
        var before = Map(Ann, 1, 0, now: 0);

        Assert.That(Map(Bob, 1, 0, now: 1).Timestamp - before.Timestamp, Is.EqualTo(FrameTicks));
    }

    [Test]
    public void RTP_timestamp_advances_by_one_frame_if_the_packet_was_received_before_the_slot_was_set_up()
    {
        _slot.ContinueAfter(lastSequence: default, timestamp: 1_000, at: 5_000);

        Assert.That(Map(Ann, 1, 0, now: 4_000).Timestamp, Is.EqualTo(1_000 + FrameTicks));
    }

    [Test]
    public void Order_and_gaps_of_a_publishers_packets_are_preserved_until_the_speaker_changes()
    {
        var first = Map(Ann, 10, 0, now: 0);

        var late = new ushort[] { 12, 11, 15, 13 }.Select(sequence => Map(Ann, sequence, sequence * FrameTicks, now: Frame)).ToArray();

        Assert.That(late.Select(mapped => mapped.Sequence - first.Sequence), Is.EqualTo(new[] { 2, 1, 5, 3 }));
        Assert.That(late.Any(mapped => mapped.Starts), Is.False);
        Assert.That(Map(Bob, 0, 0, now: 2 * Frame).Sequence - first.Sequence, Is.EqualTo(6), "after the highest number");
    }

    [Test]
    public void Packet_sent_before_the_first_forwarded_packet_of_the_current_speaker_is_dropped()
    {
        Map(Ann, 10, 0, now: 0);

        Assert.That(_slot.TryMap(Ann, new SequenceNumber(9), 0, Frame, out _, out _, out _), Is.False);
    }

    [Test]
    public void Return_of_a_speaker_advances_sequence_number_by_one_and_timestamp_by_the_elapsed_time()
    {
        var before = Map(Ann, 10, 0, now: 0);
        Map(Bob, 500, 0, now: Frame);

        var back = Map(Ann with { Stretch = 2 }, 300, 290 * FrameTicks, now: 5 * Frame);

        Assert.That(back.Sequence - before.Sequence, Is.EqualTo(2));
        Assert.That(back.Timestamp - before.Timestamp, Is.EqualTo(5 * FrameTicks));
    }

    [Test]
    public void Sequence_numbers_of_a_slot_stay_consecutive_when_those_of_the_publisher_wrap()
    {
        var expected = Map(Ann, 65_000, 0, now: 0).Sequence;
        for (var i = 1; i < 140_000; i++)
        {
            var mapped = Map(Ann, (ushort)(65_000 + i), (uint)i * FrameTicks, now: i * Frame);
            if (mapped.Sequence != ++expected || mapped.Starts)
                Assert.Fail($"packet {i}: {mapped}");
        }
    }

    [Test]
    public void RTP_timestamp_of_a_slot_advances_by_an_hour_over_an_hour_of_silence()
    {
        const long hour = 3_600_000_000;
        var before = Map(Ann, 1, 0, now: 0);

        Assert.That(Map(Bob, 1, 0, now: hour).Timestamp - before.Timestamp, Is.EqualTo(3600u * SlotStream.ClockRate));
        Assert.That(_slot.TimestampAt(hour + 1_000_000) - before.Timestamp, Is.EqualTo(3601u * SlotStream.ClockRate));
    }

    [TestCase(0)]
    [TestCase(0x7FFF)]
    [TestCase(0x8000)]
    [TestCase(0xFFFF)]
    public void First_sequence_number_of_a_slot_is_below_32768(int sourceSequence) =>
        Assert.That(Map(Ann, (ushort)sourceSequence, 0, now: 0).Sequence, Is.LessThan(0x8000));

    [Test]
    public void Jump_of_the_publishers_sequence_number_advances_that_of_the_slot_by_one()
    {
        var before = Map(Ann, 1, 0, now: 0);

        var after = Map(Ann, 30_001, 0, now: Frame);

        Assert.That(after.Sequence - before.Sequence, Is.EqualTo(1));
        Assert.That(
            _slot.TryMap(Ann, new SequenceNumber(2), 0, Frame, out _, out _, out _), Is.False, "packets before the jump are stale");
    }

    [Test]
    public void First_packet_after_a_long_pause_of_the_publisher_advances_the_sequence_number_by_one()
    {
        var before = Map(Ann, 10, 0, now: 0);

        var after = Map(Ann, 10 + 45_000, 45_000 * FrameTicks, now: 45_000 * Frame);

        Assert.That(after.Sequence - before.Sequence, Is.EqualTo(1));
        Assert.That(after.Timestamp - before.Timestamp, Is.EqualTo(45_000 * FrameTicks));
    }

    [Test]
    public void Slot_never_uses_an_SRTP_index_twice_and_receivers_never_lose_the_rollover_counter([Range(1, 20)] int seed)
    {
        var random = new Random(seed);
        var slot = new SlotStream(new Ssrc(7));
        var speakers = Enumerable.Range(1, 3)
            .Select(number => new Microphone(random.Next(0x10000)) { Number = new MemberNumber((uint)number) }).ToArray();
        var used = new HashSet<long>();
        var highest = -1L;
        var now = 0L;
        var stretch = 0u;
        var speaker = speakers[0];
        for (var i = 0; i < 60_000; i++)
        {
            now += random.Next(100) == 0 ? random.NextInt64(100_000_000) : Frame;
            if (random.Next(40) == 0)
            {
                speaker = speakers[random.Next(speakers.Length)];
                stretch++;
            }

            var source = new SlotSource(speaker.Number, stretch);
            if (!speaker.TryNext(random, out var sequence) || !slot.TryMap(source, sequence, (uint)i, now, out var mapped, out _, out _))
                continue;
            var index = (highest < 0 ? SrtpIndex.First(mapped) : SrtpIndex.Estimate(new SrtpIndex(highest), mapped)).Value;
            if (!used.Add(index) || index - highest > 2000 && highest >= 0)
                Assert.Fail($"packet {i}: index {index} after {highest}");
            highest = Math.Max(highest, index);
        }

        Assert.That(highest, Is.GreaterThan(0x10000), "the history was long enough to wrap");
    }

    private (ushort Sequence, uint Timestamp, bool Starts) Map(SlotSource source, ushort sequence, uint timestamp, long now)
    {
        var mapped = _slot.TryMap(
            source, new SequenceNumber(sequence), timestamp, now, out var mappedSequence, out var mappedTimestamp, out var starts);
        Assert.That(mapped, Is.True);
        return (mappedSequence.Value, mappedTimestamp, starts);
    }

    /// <summary>
    /// A simulated publisher: returns sequence numbers as they pass SRTP's replay check, each once, with late ones, gaps and jumps.
    /// </summary>
    private sealed class Microphone(long first)
    {
        private readonly HashSet<long> _sent = [];
        private long _highest = first;

        public required MemberNumber Number { get; init; }

        public bool TryNext(Random random, out SequenceNumber sequence)
        {
            var index = random.Next(100) switch
            {
                < 10 => _highest - random.Next(1, 100),
                < 20 => _highest + random.Next(2, 30),
                < 21 => _highest + random.Next(1, 0x7FFF),
                _ => _highest + 1,
            };
            _highest = Math.Max(_highest, index);
            sequence = new SequenceNumber((ushort)index);
            return index >= 0 && _sent.Add(index);
        }
    }
}
