namespace Hype.MediaNode.Srtp;

/// <summary>The SRTP protection profiles we speak, by their numbers in <c>use_srtp</c> (RFC 5764 §4.1.2, RFC 7714 §14.2).</summary>
internal enum SrtpProfile : ushort
{
    AesCm128HmacSha1_80 = 0x0001,
    AeadAes128Gcm = 0x0007,
    AeadAes256Gcm = 0x0008,
}

/// <summary>Lengths in bytes.</summary>
/// <param name="KeyLength">Of the master key, and of the session keys made from it.</param>
/// <param name="SaltLength">Of the master salt, and of the session salts.</param>
/// <param name="AuthenticationKeyLength">0 where the cipher authenticates by itself.</param>
/// <param name="TagLength">Of the authentication tag, the same for RTP and RTCP.</param>
internal readonly record struct SrtpProfileParameters(int KeyLength, int SaltLength, int AuthenticationKeyLength, int TagLength)
{
    /// <summary>How much longer than RTP is SRTP.</summary>
    public int RtpExpansion => TagLength;

    /// <summary>How much longer than RTCP is SRTCP: the tag, and the E flag with the index.</summary>
    public int RtcpExpansion => TagLength + 4;

    /// <summary>What DTLS has to export: a key and a salt for each side (RFC 5764 §4.2).</summary>
    public int KeyingMaterialLength => 2 * (KeyLength + SaltLength);

    public static SrtpProfileParameters Of(SrtpProfile profile) => profile switch
    {
        SrtpProfile.AesCm128HmacSha1_80 => new(16, 14, 20, 10),
        SrtpProfile.AeadAes128Gcm => new(16, 12, 0, 16),
        SrtpProfile.AeadAes256Gcm => new(32, 12, 0, 16),
        _ => throw new ArgumentOutOfRangeException(nameof(profile), profile, "Not an SRTP profile that this node speaks."),
    };
}
