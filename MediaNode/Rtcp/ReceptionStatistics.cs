using Hype.MediaNode.Rtp;

namespace Hype.MediaNode.Rtcp;

/// <summary>
/// The reception statistics of one publisher's stream, and the report block about it (RFC 3550 A.1, A.3, A.8). A jump of more than
/// <see cref="MaxDropout"/> counts as a restart of the stream only if the next packet follows it, so that a single forged or damaged
/// sequence number changes nothing. Packets that are dropped before decryption are only counted
/// (<see cref="AddUnverified"/>): their sequence numbers may be forged.
/// </summary>
/// <param name="clockRate">The clock rate of the RTP timestamps, Hz: 48,000 for Opus.</param>
internal sealed class ReceptionStatistics(Ssrc ssrc, int clockRate = 48_000)
{
    /// <summary>
    /// The largest jump of the sequence number that does not count as a restart of the stream (RFC 3550 A.1): a minute of audio.
    /// </summary>
    public const int MaxDropout = 3000;

    /// <summary>
    /// The number of packets by which a packet may be out of order (RFC 3550 A.1). An older packet counts as one of a restarted stream.
    /// </summary>
    public const int MaxMisorder = 100;

    private const ulong MicrosecondsPerSecond = 1_000_000;

    /// <summary>
    /// The largest plausible change of the transit time between two packets, seconds. A larger one means that the publisher restarted its
    /// timestamps, and is not counted as jitter.
    /// </summary>
    private const int LongestTransitChange = 5;

    private bool _started;
    private ExtendedSequenceNumber _first;
    private ExtendedSequenceNumber _highest;
    private SequenceNumber? _expectedAfterJump;
    private long _received;
    private int _unverified;
    private long _expectedBefore;
    private long _receivedBefore;

    private uint _lastTransit;
    private uint _scaledJitter;

    private uint _lastSenderReport;
    private long _senderReportAt;

    public Ssrc Ssrc { get; } = ssrc;

    /// <summary>The number of received packets, including duplicates.</summary>
    public long Received => _received;

    public long Expected => _started ? _highest - _first + 1 : 0;

    /// <summary>The highest extended sequence number (cycles · 2¹⁶ + sequence number); 0 before the first packet.</summary>
    public ExtendedSequenceNumber ExtendedHighestSequence => _highest;

    /// <summary>The interarrival jitter (RFC 3550 A.8), in ticks of the RTP clock.</summary>
    public uint Jitter => _scaledJitter >> 4;

    public double JitterMilliseconds => Jitter * 1000.0 / clockRate;

    /// <summary>The packet loss in the interval that the last report covered, in percent.</summary>
    public double LossPercent { get; private set; }

    /// <summary>
    /// Adds a packet. Returns false if the sequence number is so far from the expected one that the next packet must confirm it.
    /// </summary>
    public bool Add(SequenceNumber sequenceNumber, uint timestamp, long now)
    {
        if (!_started)
            Start(sequenceNumber);
        else if (!TryAdvance(sequenceNumber))
            return false;
        _received++;
        AddTransit(timestamp, now, first: _received == 1);
        return true;
    }

    /// <summary>
    /// Counts a packet whose sequence number was not authenticated. It fills one gap between the authentic packets before and after it;
    /// otherwise the gap would be reported as lost.
    /// </summary>
    public void AddUnverified() => _unverified++;

    /// <summary>Records a sender report of the publisher: the next report block refers to it in the fields LSR and DLSR.</summary>
    public void AddSenderReport(ulong ntp, long now)
    {
        _lastSenderReport = NtpTime.Middle(ntp);
        _senderReportAt = now;
    }

    /// <summary>Returns the report block for the time since the previous one (RFC 3550 A.3), and starts the next interval.</summary>
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

    private void Start(SequenceNumber sequenceNumber)
    {
        _started = true;
        _first = new ExtendedSequenceNumber(sequenceNumber.Value);
        _highest = _first;
        _expectedAfterJump = null;
        _received = 0;
        _unverified = 0;
        _expectedBefore = 0;
        _receivedBefore = 0;
    }

    private bool TryAdvance(SequenceNumber sequenceNumber)
    {
        var step = SequenceNumber.Distance(_highest.SequenceNumber, sequenceNumber);
        if (step is < MaxDropout and > 0)
        {
            _highest += step;
            _received += Math.Min(_unverified, step - 1);
            _unverified = 0;
            return true;
        }

        if (step is <= 0 and > -MaxMisorder)
            return true;
        if (sequenceNumber == _expectedAfterJump)
        {
            Start(sequenceNumber);
            return true;
        }

        _expectedAfterJump = sequenceNumber + 1;
        return false;
    }

    /// <summary>
    /// Updates the jitter (RFC 3550 A.8): D = the change of transit time between two packets; J += (|D| − J) / 16, stored in 1/16.
    /// </summary>
    private void AddTransit(uint timestamp, long now, bool first)
    {
        var transit = (uint)((ulong)now * (uint)clockRate / MicrosecondsPerSecond) - timestamp;
        var difference = (int)(transit - _lastTransit);
        _lastTransit = transit;
        var magnitude = (uint)Math.Abs((long)difference);
        if (first || magnitude > LongestTransitChange * clockRate)
            return;
        _scaledJitter = (uint)(_scaledJitter + magnitude - ((_scaledJitter + 8) >> 4));
    }
}
