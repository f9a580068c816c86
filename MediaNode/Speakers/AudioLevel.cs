using Hype.MediaNode.Rtp;

namespace Hype.MediaNode.Speakers;

/// <summary>
/// The client-to-mixer audio level (RFC 6464 §3), in the clear in every packet's header extension.
/// <code>
///  |V|   level     |    V: voice activity; level: 0 (loudest) to 127 (silence), in −dBov
/// </code>
/// </summary>
internal static class AudioLevel
{
    public const byte Silence = 127;

    /// <summary>
    /// The level assumed for a client that sends no audio levels: each of its packets counts as quiet speech. So the client can take a
    /// free slot, and yields to members that are known to be louder.
    /// </summary>
    public const byte Assumed = 50;

    /// <param name="extensionId">As negotiated for <c>urn:ietf:params:rtp-hdrext:ssrc-audio-level</c>.</param>
    public static bool TryRead(scoped in RtpHeader header, byte extensionId, out byte minusDbov, out bool voice)
    {
        var found = header.TryGetExtension(extensionId, out var value) && value.Length > 0;
        minusDbov = found ? (byte)(value[0] & 0x7F) : Silence;
        voice = found && (value[0] & 0x80) != 0;
        return found;
    }
}
