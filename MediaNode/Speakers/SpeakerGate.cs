using Hype.MediaNode.Rtp;

namespace Hype.MediaNode.Speakers;

/// <summary>
/// Decides which packets of one publisher are decrypted. Packets of a publisher that neither holds a slot nor speaks are dropped. But the
/// SRTP rollover counter advances only with decrypted packets, and a receiver loses it after a gap of 2¹⁵ packets (RFC 3711 §3.3.1). So
/// one packet is decrypted at least every <see cref="LongestDistance"/> sequence numbers and every <see cref="LongestTime"/>.
/// </summary>
internal sealed class SpeakerGate
{
    /// <summary>
    /// The maximum number of sequence numbers between two decrypted packets: an eighth of the gap at which the rollover counter is lost.
    /// </summary>
    public const int LongestDistance = 1 << 12;

    /// <summary>
    /// The longest time between two decrypted packets of a silent publisher, µs: the publisher must prove that it is still connected.
    /// </summary>
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

    /// <summary>Records that a decrypted packet was authentic, so that the next intervals start with it.</summary>
    public void Authenticated(SequenceNumber sequenceNumber, long now)
    {
        _sequenceNumber = sequenceNumber;
        _at = now;
        _authenticated = true;
    }
}
