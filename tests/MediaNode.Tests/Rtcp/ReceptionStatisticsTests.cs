using CsCheck;
using Hype.MediaNode.Rtcp;
using Hype.MediaNode.Rtp;

namespace Hype.MediaNode.Tests.Rtcp;

public sealed class ReceptionStatisticsTests
{
    private static readonly Ssrc Source = new(7);
    private const long FrameTime = 20_000;
    private const uint FrameTicks = 960;

    private ReceptionStatistics _statistics = null!;

    [SetUp]
    public void Begin() => _statistics = new ReceptionStatistics(Source);

    [Test]
    public void Wrap_of_the_sequence_numbers_is_not_counted_as_loss()
    {
        for (var i = 0; i < 200; i++)
            AddFrame(65_500 + i, i);

        var block = _statistics.Report(200 * FrameTime);

        Assert.That(block, Is.EqualTo(new ReportBlock(Source, 0, 0, new ExtendedSequenceNumber(65_500 + 199), 0, 0, 0)));
        Assert.That(_statistics.Expected, Is.EqualTo(200));
    }

    [Test]
    public void Fraction_lost_covers_the_interval_and_cumulative_loss_the_whole_stream()
    {
        for (var i = 0; i < 100; i++)
            if (i % 4 != 1)
                AddFrame(i, i);
        var first = _statistics.Report(0);
        Assert.That((first.FractionLost, first.CumulativeLost), Is.EqualTo(((byte)64, 25)));
        Assert.That(_statistics.LossPercent, Is.EqualTo(25));

        for (var i = 100; i < 200; i++)
            AddFrame(i, i);
        var second = _statistics.Report(0);
        Assert.That((second.FractionLost, second.CumulativeLost), Is.EqualTo(((byte)0, 25)));
        Assert.That(_statistics.LossPercent, Is.Zero);
    }

    [Test]
    public void Unverified_packets_fill_gaps_but_never_add_to_or_exceed_them()
    {
        AddFrame(0, 0);
        for (var i = 0; i < 99; i++)
            _statistics.AddUnverified();
        AddFrame(100, 100);
        Assert.That((_statistics.Received, _statistics.Expected), Is.EqualTo((101, 101)));

        for (var i = 0; i < 1_000; i++)
            _statistics.AddUnverified();
        AddFrame(110, 110);

        Assert.That((_statistics.Received, _statistics.Expected), Is.EqualTo((111, 111)));
        Assert.That(_statistics.Report(0).CumulativeLost, Is.Zero);
    }

    [Test]
    public void Late_packets_reduce_the_cumulative_loss_and_duplicates_make_it_negative()
    {
        AddFrame(0, 0);
        AddFrame(2, 2);
        AddFrame(1, 2);
        AddFrame(1, 2);

        var block = _statistics.Report(0);

        Assert.That(block.CumulativeLost, Is.EqualTo(-1));
        Assert.That(block.FractionLost, Is.Zero);
        Assert.That(block.ExtendedHighestSequence.Value, Is.EqualTo(2));
    }

    [Test]
    public void Single_sequence_number_outlier_is_ignored_and_two_consecutive_outliers_restart_the_statistics()
    {
        for (var i = 0; i < 10; i++)
            AddFrame(i, i);

        Assert.That(_statistics.Add(new SequenceNumber(30_000), 0, 0), Is.False);
        Assert.That(_statistics.Add(new SequenceNumber(20_000), 0, 0), Is.False);
        AddFrame(10, 10);
        Assert.That(_statistics.Report(0), Is.EqualTo(new ReportBlock(Source, 0, 0, new ExtendedSequenceNumber(10), 0, 0, 0)));

        Assert.That(_statistics.Add(new SequenceNumber(40_000), 0, 0), Is.False);
        Assert.That(_statistics.Add(new SequenceNumber(40_001), 0, 0), Is.True);
        Assert.That(_statistics.Report(0).ExtendedHighestSequence.Value, Is.EqualTo(40_001));
        Assert.That(_statistics.Expected, Is.EqualTo(1));
    }

    [Test]
    public void Jitter_matches_the_code_in_RFC_3550_A8()
    {
        // A packet alternately on time and 10 ms (480 ticks) late: |D| is 480 each time, and J approaches it by sixteenths.
        uint scaled = 0;
        for (var i = 0; i < 500; i++)
        {
            _statistics.Add(new SequenceNumber((ushort)i), (uint)i * FrameTicks, (i * FrameTime) + (i % 2 * 10_000));
            if (i > 0)
                scaled = scaled + 480 - ((scaled + 8) >> 4);
            Assert.That(_statistics.Jitter, Is.EqualTo(scaled >> 4), $"packet {i}");
        }

        Assert.That(_statistics.JitterMilliseconds, Is.EqualTo(10).Within(0.1));
    }

    [Test]
    public void Restarted_timestamps_do_not_count_as_jitter()
    {
        for (var i = 0; i < 100; i++)
            _statistics.Add(
                new SequenceNumber((ushort)i), i < 50 ? (uint)i * FrameTicks : 0xDEADBEEF + ((uint)i * FrameTicks), i * FrameTime);

        Assert.That(_statistics.Jitter, Is.Zero);
    }

    [Test]
    public void Report_block_contains_the_time_of_the_last_sender_report_and_the_delay_since_its_arrival()
    {
        var clock = new NtpTime(1_700_000_000_000_000);
        AddFrame(0, 0);
        _statistics.AddSenderReport(clock.At(1_000_000), now: 1_020_000);

        var block = _statistics.Report(now: 3_520_000);

        Assert.That(block.LastSenderReport, Is.EqualTo(NtpTime.Middle(clock.At(1_000_000))));
        Assert.That(block.DelaySinceLastSenderReport, Is.EqualTo((uint)(2.5 * 65_536)));
    }

    [Test]
    public void Round_trip_of_the_example_in_RFC_3550_is_6_125_seconds()
    {
        // §6.4.1, figure 2: A = b710:8000 (46864.500 s), LSR = b705:2000 (46853.125 s), DLSR = 0005:4000 (5.250 s).
        var block = new ReportBlock(Source, 0, 0, default, 0, 0xb7052000, 0x00054000);

        Assert.That(block.TryGetRoundTrip(0x0000_b710_8000_0000, out var microseconds), Is.True);
        Assert.That(microseconds, Is.EqualTo(6_125_000));
    }

    [Test]
    public void Report_block_with_a_missing_or_future_sender_report_time_has_no_round_trip_time()
    {
        Assert.That(default(ReportBlock).TryGetRoundTrip(1UL << 40, out _), Is.False);
        Assert.That(new ReportBlock(Source, 0, 0, default, 0, 0x00020000, 0).TryGetRoundTrip(0x0000_0001_0000_0000, out _), Is.False);
        Assert.That(
            new ReportBlock(Source, 0, 0, default, 0, 0x00010001, 0).TryGetRoundTrip(0x0000_0001_0000_0000, out var microseconds),
            Is.True);
        Assert.That(microseconds, Is.Zero);
    }

    [Test]
    public void NTP_timestamp_preserves_the_microseconds_of_the_monotonic_time() =>
        Gen.Select(Gen.Long[0, 4_000_000_000_000], Gen.Long[1_600_000_000_000_000, 2_000_000_000_000_000]).Sample((now, epoch) =>
        {
            var ntp = new NtpTime(epoch).At(now);
            var seconds = (long)(ntp >> 32) - 2_208_988_800;
            var microseconds = (long)(((ntp & uint.MaxValue) * 1_000_000) >> 32);
            return (seconds * 1_000_000) + microseconds == epoch + now;
        });

    [Test]
    public void NTP_timestamps_count_from_the_year_1900()
    {
        Assert.That(new NtpTime(0).At(500_000), Is.EqualTo((2_208_988_800UL << 32) + (1UL << 31)));
        Assert.That(NtpTime.MicrosecondsToShort(long.MaxValue), Is.InRange(uint.MaxValue - 1, uint.MaxValue));
        Assert.That(NtpTime.MicrosecondsToShort(-1), Is.Zero);
    }

    private void AddFrame(int number, int frame) =>
        Assert.That(_statistics.Add(new SequenceNumber((ushort)number), (uint)frame * FrameTicks, frame * FrameTime), Is.True);
}
