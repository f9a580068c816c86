namespace Hype.Testing.Vectors;

/// <summary>The test vectors of RFC 7714 §16 and §17: AEAD packets under given session keys and salt.</summary>
public static class Rfc7714
{
    /// <summary>The SRTCP index of every RTCP packet.</summary>
    public const uint RtcpIndex = 0x5D4;

    public const uint RtcpSsrc = 0x4D617273;

    /// <summary>The SRTP index of the RTP packet: its sequence number, with the rollover counter 0.</summary>
    public const long RtpIndex = 0xF17B;

    public const uint RtpSsrc = 0x5501A0B2;

    public static readonly byte[] Key128 = Convert.FromHexString("000102030405060708090A0B0C0D0E0F");
    public static readonly byte[] Key256 = Convert.FromHexString("000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F");
    public static readonly byte[] Salt = "Quid pro quo"u8.ToArray();

    public static readonly byte[] Rtp =
        [.. Convert.FromHexString("8040F17B8041F8D35501A0B2"), .. "Gallia est omnis divisa in partes tres"u8];

    /// <summary>The SRTP packet of §16.1.1 (AES-128).</summary>
    public static readonly byte[] Srtp128 = Convert.FromHexString(
        "8040f17b8041f8d35501a0b2f24de3a3fb34de6cacba861c9d7e4bcabe633bd5"
            + "0d294e6f42a5f47a51c7d19b36de3adf8833899d7f27beb16a9152cf765ee4390cce");

    /// <summary>The SRTP packet of §16.2.1 (AES-256).</summary>
    public static readonly byte[] Srtp256 = Convert.FromHexString(
        "8040f17b8041f8d35501a0b232b1de78a822fe12ef9f78fa332e33aab1801238"
            + "9a58e2f3b50b2a0276ffae0f1ba63799b87b7aa3db36dfffd6b0f9bb7878d7a76c13");

    /// <summary>The RTCP packet that the subsections of §17 encrypt; the preamble of §17 prints another one.</summary>
    public static readonly byte[] Rtcp = Convert.FromHexString(
        "81c8000d4d6172734e5450314e545032525450200000042a0000e9304c756e61deadbeefdeadbeefdeadbeefdeadbeefdeadbeef");

    /// <summary>The SRTCP packet of §17.1 (AES-128).</summary>
    public static readonly byte[] Srtcp128 = Convert.FromHexString(
        "81c8000d4d61727363e94885dcdab67ca727d7662f6b7e997ff5c0f76c06f32dc676a5f1730d6fda4ce09b4686303ded0bb9275bc84aa45896cf4d2fc5abf872"
            +
            "45d9eade800005d4");

    /// <summary>The SRTCP packet of §17.2 (AES-256).</summary>
    public static readonly byte[] Srtcp256 = Convert.FromHexString(
        "81c8000d4d617273d50ae4d1f5ce5d304ba297e47d470c282c3ece5dbffe0a50a2eaa5c1110555be8415f658c61de0476f1b6fad1d1eb30c4446839f57ff6f6c"
            +
            "b26ac3be800005d4");

    /// <summary>The SRTCP packet of §17.3, which is authenticated but not encrypted: its E flag is clear.</summary>
    public static readonly byte[] Srtcp128TagOnly = Convert.FromHexString(
        "81c8000d4d6172734e5450314e545032525450200000042a0000e9304c756e61deadbeefdeadbeefdeadbeefdeadbeefdeadbeef" +
        "841dd9683dd78ec92ae58790125f62b3000005d4");
}
