using Hype.MediaNode.Srtp;

namespace Hype.Benchmarks.Parts;

/// <summary>Finds SRTP profiles by their names in RFC 5764 and RFC 7714, which the tables print.</summary>
internal static class SrtpProfiles
{
    public const string Gcm128 = "AEAD_AES_128_GCM";
    public const string Gcm256 = "AEAD_AES_256_GCM";
    public const string CounterMode = "AES_CM_128_HMAC_SHA1_80";

    public static SrtpProfile Of(string name) => name switch
    {
        Gcm128 => SrtpProfile.AeadAes128Gcm,
        Gcm256 => SrtpProfile.AeadAes256Gcm,
        CounterMode => SrtpProfile.AesCm128HmacSha1_80,
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "Not a profile of ours."),
    };

    /// <summary>Returns the name that OpenSSL's <c>SSL_CTX_set_tlsext_use_srtp</c> expects.</summary>
    public static string OpenSslNameOf(string name) => name switch
    {
        Gcm128 => "SRTP_AEAD_AES_128_GCM",
        Gcm256 => "SRTP_AEAD_AES_256_GCM",
        CounterMode => "SRTP_AES128_CM_SHA1_80",
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "Not a profile of ours."),
    };
}
