namespace Hype.Benchmarks.Forward;

/// <summary>SRTP profiles by OpenSSL's names, which the peers offer, with the length of their tags.</summary>
internal sealed record Profile(string OpenSslName, string Name, int TagLength)
{
    public static readonly Profile Gcm = new("SRTP_AEAD_AES_128_GCM", "AEAD_AES_128_GCM", 16);

    public static readonly Profile CounterMode = new("SRTP_AES128_CM_SHA1_80", "AES_CM_128_HMAC_SHA1_80", 10);
}
