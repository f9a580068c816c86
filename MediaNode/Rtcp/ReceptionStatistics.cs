using Hype.MediaNode.Rtp;

namespace Hype.MediaNode.Rtcp;

/// <summary>
/// How one publisher's stream arrives (RFC 3550 A.1, A.3, A.8), and the report block that tells it so. A jump of more than
/// <see cref="MaxDropout"/> counts as a restart of the stream only when the next packet follows it; so a single forged or damaged
/// number spoils nothing. Packets that are dropped before decryption have to be added too, or the publisher would seem to lose
/// them.
/// </summary>
/// <param name="clockRate">Of the RTP timestamps, Hz: 48,000 for Opus.</param>
internal sealed class ReceptionStatistics(uint ssrc, int clockRate = 48_000)
{
    /// <summary>Sequence numbers (RFC 3550 A.1): a minute of audio.</summary>
    public const int MaxDropout = 3000;

    /// <summary>Sequence numbers: older than this is not a late packet but another stream.</summary>
    public const int MaxMisorder = 100;

    private const ulong MicrosecondsPerSecond = 1_000_000;

    /// <summary>Seconds. More than this is a publisher that began its timestamps anew, not a late packet.</summary>
    private const int LongestTransitChange = 5;

    /// <summary>No sequence number: nothing unusual has been seen.</summary>
    private const int NoJump = -1;

    private bool _started;
    private uint _baseSequence;
    private uint _highest;
    private int _expectedAfterJump = NoJump;
    private long _received;
    private long _expectedBefore;
    private long _receivedBefore;

    private uint _lastTransit;
    private uint _scaledJitter;

    private uint _lastSenderReport;
    private long _senderReportAt;

    public uint Ssrc { get; } = ssrc;

    /// <summary>Packets, duplicates included.</summary>
    public long Received => _received;

    public long Expected => _started ? (long)_highest - _baseSequence + 1 : 0;

    /// <summary>Cycles · 2¹⁶ + sequence number; 0 before the first packet.</summary>
    public uint ExtendedHighestSequence => _highest;

    /// <summary>In units of the RTP clock.</summary>
    public uint Jitter => _scaledJitter >> 4;

    public double JitterMilliseconds => Jitter * 1000.0 / clockRate;

    /// <summary>Of the interval that the last report covered, 0–100.</summary>
    public double LossPercent { get; private set; }

    /// <summary>A packet arrived. False: its number is so far off that it waits for the next to confirm it.</summary>
    public bool Add(ushort sequenceNumber, uint timestamp, long now)
    {
        if (!_started)
        {
            Start(sequenceNumber);
        }
        else if (!TryAdvance(sequenceNumber))
        {
            return false;
        }

        _received++;
        AddTransit(timestamp, now, first: _received == 1);
        return true;
    }

    /// <summary>The publisher's SR, for LSR and DLSR.</summary>
    public void AddSenderReport(ulong ntp, long now)
    {
        _lastSenderReport = NtpTime.Middle(ntp);
        _senderReportAt = now;
    }

    /// <summary>The report on the time since the last one (RFC 3550 A.3); the next begins here.</summary>
    public ReportBlock Report(long now)
    {
        var expected = Expected;
        var expectedInterval = expected - _expectedBefore;
        var lostInterval = expectedInterval - (_received - _receivedBefore);
        _expectedBefore = expected;
        _receivedBefore = _received;

        var lost = expectedInterval <= 0 || lostInterval <= 0 ? 0 : lostInterval;
        LossPercent = lost == 0 ? 0 : 100.0 * lost / expectedInterval;
        return new ReportBlock(
            Ssrc,
            lost == 0 ? (byte)0 : (byte)Math.Min(255, (lost << 8) / expectedInterval),
            (int)Math.Clamp(expected - _received, ReportBlock.MinCumulativeLost, ReportBlock.MaxCumulativeLost),
            _highest,
            Jitter,
            _lastSenderReport,
            _lastSenderReport == 0 ? 0 : NtpTime.MicrosecondsToShort(now - _senderReportAt));
    }

    private void Start(ushort sequenceNumber)
    {
        _started = true;
        _baseSequence = sequenceNumber;
        _highest = sequenceNumber;
        _expectedAfterJump = NoJump;
        _received = 0;
        _expectedBefore = 0;
        _receivedBefore = 0;
    }

    private bool TryAdvance(ushort sequenceNumber)
    {
        var step = SequenceNumber.Distance((ushort)_highest, sequenceNumber);
        if (step is < MaxDropout and > 0)
        {
            _highest += (uint)step;
            return true;
        }

        if (step is <= 0 and > -MaxMisorder) return true;

        if (sequenceNumber == _expectedAfterJump)
        {
            Start(sequenceNumber);
            return true;
        }

        _expectedAfterJump = (sequenceNumber + 1) & 0xFFFF;
        return false;
    }

    /// <summary>A.8: D = the change of transit time between two packets; J += (|D| − J) / 16, kept in 1/16.</summary>
    private void AddTransit(uint timestamp, long now, bool first)
    {
        var transit = (uint)((ulong)now * (uint)clockRate / MicrosecondsPerSecond) - timestamp;
        var difference = (int)(transit - _lastTransit);
        _lastTransit = transit;
        var magnitude = (uint)Math.Abs((long)difference);
        if (first || magnitude > LongestTransitChange * clockRate) return;

        _scaledJitter = (uint)(_scaledJitter + magnitude - ((_scaledJitter + 8) >> 4));
    }
}
