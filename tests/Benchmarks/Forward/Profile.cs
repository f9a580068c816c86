namespace Hype.Benchmarks.Forward;

/// <summary>An SRTP profile that the peers offer: its name in OpenSSL, its name in the RFCs, and the length of its tag.</summary>
internal sealed record Profile(string OpenSslName, string Name, int TagLength)
{
    public static readonly Profile Gcm = new("SRTP_AEAD_AES_128_GCM", "AEAD_AES_128_GCM", 16);

    public static readonly Profile CounterMode = new("SRTP_AES128_CM_SHA1_80", "AES_CM_128_HMAC_SHA1_80", 10);
}
