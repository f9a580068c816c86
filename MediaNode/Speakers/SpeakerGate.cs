using Hype.MediaNode.Rtp;

namespace Hype.MediaNode.Speakers;

/// <summary>
/// Decides which packets of one publisher are decrypted. Packets of a publisher that neither holds a slot nor speaks are dropped. But the
/// SRTP rollover counter advances only with decrypted packets, and a gap of 2¹⁵ packets loses count of it (RFC 3711 §3.3.1). So one
/// packet is decrypted at least every <see cref="LongestDistance"/> sequence numbers and every <see cref="LongestTime"/>.
/// </summary>
internal sealed class SpeakerGate
{
    /// <summary>
    /// The longest distance in sequence numbers without a decrypted packet: an eighth of what the rollover counter tolerates.
    /// </summary>
    public const int LongestDistance = 1 << 12;

    /// <summary>The longest time without a decrypted packet, µs: a silent publisher must prove that it is still connected.</summary>
    public const long LongestTime = 2_000_000;

    private SequenceNumber _sequenceNumber;
    private long _at;
    private bool _authenticated;

    /// <summary>Returns true if the packet must be decrypted, false if it must be dropped.</summary>
    /// <param name="minusDbov">The level in the packet, or <see cref="AudioLevel.Assumed"/>.</param>
    public bool Opens(bool holdsSlot, byte minusDbov, bool voice, SequenceNumber sequenceNumber, long now) =>
        holdsSlot
        || Speech.Is(minusDbov, voice)
        || !_authenticated
        || now - _at >= LongestTime
        || Math.Abs(SequenceNumber.Distance(_sequenceNumber, sequenceNumber)) >= LongestDistance;

    /// <summary>Records that a packet was authentic.</summary>
    public void Authenticated(SequenceNumber sequenceNumber, long now)
    {
        _sequenceNumber = sequenceNumber;
        _at = now;
        _authenticated = true;
    }
}
