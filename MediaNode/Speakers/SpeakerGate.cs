using Hype.MediaNode.Rtp;

namespace Hype.MediaNode.Speakers;

/// <summary>
/// The drop before decryption: packets of a publisher that neither holds a slot nor speaks are not worth decrypting. But the SRTP
/// rollover counter advances only with decrypted packets (RFC 3711 §3.3.1 loses count after 2¹⁵ of them), so one is decrypted at least
/// every <see cref="LongestDistance"/> sequence numbers and every <see cref="LongestTime"/>. One gate per publisher.
/// </summary>
internal sealed class SpeakerGate
{
    /// <summary>An eighth of the distance that the rollover counter tolerates.</summary>
    public const int LongestDistance = 1 << 12;

    /// <summary>µs: the interval in which a silent publisher proves that it is still there.</summary>
    public const long LongestTime = 2_000_000;

    private SequenceNumber _sequenceNumber;
    private long _at;
    private bool _authenticated;

    /// <summary>True: decrypt; false: drop.</summary>
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
