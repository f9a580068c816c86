using Hype.MediaNode.Rtp;

namespace Hype.MediaNode.Rooms;

/// <summary>Who speaks in a slot: the participant, and which of its stretches of speech.</summary>
internal readonly record struct SlotSource(uint Number, uint Stretch);

/// <summary>
/// One receiver's view of one slot: an endless RTP stream of one SSRC, whoever speaks in it. When the speaker changes, the
/// sequence number goes on by one and the timestamp by the time that passed, so that the receiver's jitter buffer sees one
/// source with pauses (RFC 3550 §5.1), and never a jump.
/// </summary>
internal struct SlotStream(uint ssrc)
{
    /// <summary>RTP clock of Opus (RFC 7587 §4.1), ticks per second.</summary>
    public const int ClockRate = 48_000;

    // 20 s of 20 ms frames. A publisher that jumps further is restarted here: were its jumps passed on, a receiver that misses
    // one could lose count of the slot's rollovers (RFC 3711 §3.3.1), and with it the slot for good.
    private const int LongestJump = 1000;

    // As long, in µs: who has not been sent for that long may have gone anywhere meanwhile, even half way around the sequence numbers.
    private const long LongestPause = 20_000_000;

    // A 20 ms frame: the least step between the last frame of one speaker and the first of the next.
    private const uint FrameTicks = ClockRate / 50;

    public readonly uint Ssrc => ssrc;

    private SlotSource _source;
    private ushort _sequenceOffset;
    private uint _timestampOffset;
    private ushort _firstSourceSequence;
    private ushort _lastSourceSequence;

    // Derived: what was sent last
    private ushort _lastSequence;
    private uint _lastTimestamp;
    private long _lastSentAt;
    private bool _hasOrigin;

    /// <summary>Something was sent in it by this node.</summary>
    public bool Started { get; private set; }

    /// <summary>Packets and payload bytes sent, for the sender report.</summary>
    public uint Packets { get; private set; }

    public uint Octets { get; private set; }

    /// <summary>
    /// Fixes where numbers and timestamps begin, instead of taking them from who speaks first: other nodes carry the slot on, and have
    /// to know without being told of each packet.
    /// </summary>
    /// <param name="lastSequence">The next packet has the one after it.</param>
    /// <param name="timestamp">At the moment <paramref name="at"/>, in the worker's microseconds.</param>
    public void ContinueAfter(ushort lastSequence, uint timestamp, long at)
    {
        _lastSequence = lastSequence;
        _lastTimestamp = timestamp;
        _lastSentAt = at;
        _hasOrigin = true;
    }

    /// <summary>Numbers for a packet that nobody speaks in.</summary>
    public void Skip(long now, out ushort sequence, out uint timestamp)
    {
        timestamp = NextTimestamp(now);
        sequence = ++_lastSequence;
        _lastTimestamp = timestamp;
        _lastSentAt = now;
        _source = default;
    }

    /// <summary>The packet with this number was not sent after all, nor is any after it: the next takes the number, in a new stretch.</summary>
    public void TakeBack(ushort sequence)
    {
        _lastSequence = (ushort)(sequence - 1);
        _source = default;
    }

    /// <summary>
    /// The header fields for this receiver. A new <paramref name="source"/> starts a new stretch. False for a packet from before the stretch began.
    /// </summary>
    public bool TryMap(SlotSource source, ushort sourceSequence, uint sourceTimestamp, long now, out ushort sequence, out uint timestamp, out bool starts)
    {
        starts = !Started || source != _source || now - _lastSentAt > LongestPause || SequenceNumber.Distance(_lastSourceSequence, sourceSequence) > LongestJump;
        if (starts)
            StartStretch(source, sourceSequence, sourceTimestamp, now);
        else if (SequenceNumber.Distance(_firstSourceSequence, sourceSequence) < 0)
        {
            sequence = 0;
            timestamp = 0;
            return false;
        }

        sequence = (ushort)(sourceSequence + _sequenceOffset);
        timestamp = sourceTimestamp + _timestampOffset;
        if (starts || SequenceNumber.Distance(_lastSequence, sequence) > 0)
        {
            _lastSourceSequence = sourceSequence;
            _lastSequence = sequence;
            _lastTimestamp = timestamp;
            _lastSentAt = now;
            // Modulo 2^16 traps: a stretch that runs past half the sequence space would make its own packets look older than its start.
            _firstSourceSequence = SequenceNumber.Distance(_firstSourceSequence, sourceSequence) > 1 << 14
                ? (ushort)(sourceSequence - (1 << 13))
                : _firstSourceSequence;
        }
        return true;
    }

    public void Count(int payloadLength)
    {
        Packets++;
        Octets += (uint)payloadLength;
    }

    /// <summary>The RTP timestamp that belongs to this moment, for a sender report (RFC 3550 §6.4.1).</summary>
    public readonly uint TimestampAt(long now) => _lastTimestamp + Ticks(now - _lastSentAt);

    private void StartStretch(SlotSource source, ushort sourceSequence, uint sourceTimestamp, long now)
    {
        var timestamp = Started || _hasOrigin ? NextTimestamp(now) : sourceTimestamp;
        // The first of all stays in the lower half: a receiver that misses the packets before the first wrap could not know
        // that there was one (RFC 3711 §3.3.1).
        var sequence = Started || _hasOrigin ? (ushort)(_lastSequence + 1) : (ushort)(sourceSequence & 0x7FFF);
        _source = source;
        _sequenceOffset = (ushort)(sequence - sourceSequence);
        _timestampOffset = timestamp - sourceTimestamp;
        _firstSourceSequence = sourceSequence;
        Started = true;
    }

    private readonly uint NextTimestamp(long now) => _lastTimestamp + Math.Max(FrameTicks, Ticks(now - _lastSentAt));

    private static uint Ticks(long microseconds) => (uint)(microseconds * ClockRate / 1_000_000);
}
