using Hype.MediaNode.Rtp;

namespace Hype.MediaNode.Rooms;

/// <summary>The speech that a slot carries: the speaking member, and the number of its stretch of speech.</summary>
internal readonly record struct SlotSource(MemberNumber Number, uint Stretch);

/// <summary>
/// The RTP stream in which one receiver gets one slot, with one SSRC whichever member speaks. When the speaker changes, the sequence
/// number continues by one and the timestamp by the elapsed time. So the receiver's jitter buffer sees one source with pauses (RFC 3550
/// §5.1) and never a jump.
/// </summary>
internal struct SlotStream(Ssrc ssrc)
{
    /// <summary>The RTP clock rate of Opus (RFC 7587 §4.1), in ticks per second.</summary>
    public const int ClockRate = 48_000;

    // 20 s of 20 ms frames. A publisher that jumps further starts a new stretch. If its jumps were forwarded, a receiver that misses one
    // could lose count of the slot's rollovers (RFC 3711 §3.3.1) and never decrypt the slot again.
    private const int LongestJump = 1000;

    // The same time in µs: after such a pause a publisher's sequence numbers may have advanced by any distance, even half of their range.
    private const long LongestPause = 20_000_000;

    // A 20 ms frame: the least step between the last frame of one speaker and the first of the next.
    private const uint FrameTicks = ClockRate / 50;

    public readonly Ssrc Ssrc => ssrc;

    private SlotSource _source;
    private int _offset;
    private uint _timestampOffset;
    private SequenceNumber _firstSourceSequence;
    private SequenceNumber _lastSourceSequence;

    // Derived: the last packet sent.
    private SequenceNumber _lastSequence;
    private uint _lastTimestamp;
    private long _lastSentAt;
    private bool _hasOrigin;

    /// <summary>True if this node has sent a packet of a speaker in the slot.</summary>
    public bool Started { get; private set; }

    /// <summary>The number of packets sent in this stream, for the sender report.</summary>
    public uint Packets { get; private set; }

    public uint Octets { get; private set; }

    /// <summary>
    /// Sets the sequence number and timestamp at which the stream starts; otherwise the first speaker's packet determines them. Portable
    /// slots need it: another node must be able to continue the stream without a message for each packet.
    /// </summary>
    /// <param name="lastSequence">The sequence number before the next packet's.</param>
    /// <param name="timestamp">The RTP timestamp at the time <paramref name="at"/>, in the worker's microseconds.</param>
    public void ContinueAfter(SequenceNumber lastSequence, uint timestamp, long at)
    {
        _lastSequence = lastSequence;
        _lastTimestamp = timestamp;
        _lastSentAt = at;
        _hasOrigin = true;
    }

    /// <summary>Allocates the sequence number and timestamp of a packet that belongs to no speaker, such as a padding packet.</summary>
    public void Skip(long now, out SequenceNumber sequence, out uint timestamp)
    {
        timestamp = TimestampAt(now);
        _lastSequence += 1;
        sequence = _lastSequence;
        _lastTimestamp = timestamp;
        _lastSentAt = now;
        _source = default;
    }

    /// <summary>
    /// Frees the sequence number of a packet that was not sent; the caller guarantees that no later packet was sent. The next packet uses
    /// the number and starts a new stretch.
    /// </summary>
    public void TakeBack(SequenceNumber sequence)
    {
        _lastSequence = sequence - 1;
        _source = default;
    }

    /// <summary>
    /// Maps a source packet's sequence number and timestamp to those of this stream. A new <paramref name="source"/> starts a new stretch.
    /// Returns false for a packet that is older than the stretch.
    /// </summary>
    public bool TryMap(
        SlotSource source, SequenceNumber sourceSequence, uint sourceTimestamp, long now, out SequenceNumber sequence,
        out uint timestamp, out bool starts)
    {
        starts = !Started || source != _source || now - _lastSentAt > LongestPause
            || SequenceNumber.Distance(_lastSourceSequence, sourceSequence) > LongestJump;
        if (starts)
            StartStretch(source, sourceSequence, sourceTimestamp, now);
        else if (SequenceNumber.Distance(_firstSourceSequence, sourceSequence) < 0)
        {
            sequence = default;
            timestamp = 0;
            return false;
        }

        sequence = sourceSequence + _offset;
        timestamp = sourceTimestamp + _timestampOffset;
        if (starts || SequenceNumber.Distance(_lastSequence, sequence) > 0)
        {
            _lastSourceSequence = sourceSequence;
            _lastSequence = sequence;
            _lastTimestamp = timestamp;
            _lastSentAt = now;
            // Modulo 2¹⁶: in a stretch longer than half the sequence space, its own packets would seem older than its start. So the start
            // moves.
            _firstSourceSequence = SequenceNumber.Distance(_firstSourceSequence, sourceSequence) > 1 << 14
                ? sourceSequence - (1 << 13)
                : _firstSourceSequence;
        }

        return true;
    }

    public void Count(int payloadLength)
    {
        Packets++;
        Octets += (uint)payloadLength;
    }

    /// <summary>Returns the RTP timestamp of the time <paramref name="now"/>, for a sender report (RFC 3550 §6.4.1).</summary>
    public readonly uint TimestampAt(long now) => _lastTimestamp + Ticks(now - _lastSentAt);

    private void StartStretch(SlotSource source, SequenceNumber sourceSequence, uint sourceTimestamp, long now)
    {
        var timestamp = Started || _hasOrigin ? NextTimestamp(now) : sourceTimestamp;
        // The very first number is in the lower half: a receiver that misses the packets before the first wrap could not detect it
        // (RFC 3711 §3.3.1).
        var sequence = Started || _hasOrigin ? _lastSequence + 1 : new SequenceNumber((ushort)(sourceSequence.Value & 0x7FFF));
        _source = source;
        _offset = SequenceNumber.Distance(sourceSequence, sequence);
        _timestampOffset = timestamp - sourceTimestamp;
        _firstSourceSequence = sourceSequence;
        Started = true;
    }

    private readonly uint NextTimestamp(long now) => _lastTimestamp + Math.Max(FrameTicks, Ticks(now - _lastSentAt));

    // At least 0: a packet that was received before a slot was set up may be routed after it.
    private static uint Ticks(long microseconds) => (uint)(Math.Max(0, microseconds) * ClockRate / 1_000_000);
}
