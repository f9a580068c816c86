namespace Hype.MediaNode.Srtp;

/// <summary>The supported SRTP protection profiles, by their numbers in <c>use_srtp</c> (RFC 5764 §4.1.2, RFC 7714 §14.2).</summary>
internal enum SrtpProfile : ushort
{
    AesCm128HmacSha1_80 = 0x0001,
    AeadAes128Gcm = 0x0007,
    AeadAes256Gcm = 0x0008,
}

/// <summary>The lengths, in bytes, of the keys, salts and tags of an SRTP profile.</summary>
/// <param name="KeyLength">The length of the master key, and of the session keys derived from it.</param>
/// <param name="SaltLength">The length of the master salt, and of the session salts.</param>
/// <param name="AuthenticationKeyLength">0 if the cipher authenticates by itself.</param>
/// <param name="TagLength">The length of the authentication tag, the same for RTP and RTCP.</param>
internal readonly record struct SrtpProfileParameters(int KeyLength, int SaltLength, int AuthenticationKeyLength, int TagLength)
{
    /// <summary>The number of bytes by which an SRTP packet is longer than its RTP packet.</summary>
    public int RtpExpansion => TagLength;

    /// <summary>
    /// The number of bytes by which an SRTCP packet is longer than its RTCP packet: the tag, and the word with the E flag and the index.
    /// </summary>
    public int RtcpExpansion => TagLength + 4;

    /// <summary>The length of the keying material that DTLS exports: a key and a salt for each side (RFC 5764 §4.2).</summary>
    public int KeyingMaterialLength => 2 * (KeyLength + SaltLength);

    public static SrtpProfileParameters Of(SrtpProfile profile) => profile switch
    {
        SrtpProfile.AesCm128HmacSha1_80 => new(16, 14, 20, 10),
        SrtpProfile.AeadAes128Gcm => new(16, 12, 0, 16),
        SrtpProfile.AeadAes256Gcm => new(32, 12, 0, 16),
        _ => throw new ArgumentOutOfRangeException(nameof(profile), profile, "Not an SRTP profile that this node speaks."),
    };
}
