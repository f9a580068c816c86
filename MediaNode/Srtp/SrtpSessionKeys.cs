using System.Security.Cryptography;

namespace Hype.MediaNode.Srtp;

/// <summary>The SRTP session keys of one direction, for RTP or for RTCP. Dispose overwrites them.</summary>
internal readonly struct SrtpSessionKeys(byte[] encryption, byte[] authentication, byte[] salt) : IDisposable
{
    public byte[] Encryption { get; } = encryption;

    /// <summary>The authentication key; empty for a cipher that needs none (GCM).</summary>
    public byte[] Authentication { get; } = authentication;

    public byte[] Salt { get; } = salt;

    public static SrtpSessionKeys ForRtp(SrtpProfileParameters lengths, ReadOnlySpan<byte> masterKey, ReadOnlySpan<byte> masterSalt) =>
        new(
        Derive(masterKey, masterSalt, SrtpKeyLabel.RtpEncryption, lengths.KeyLength),
        Derive(masterKey, masterSalt, SrtpKeyLabel.RtpAuthentication, lengths.AuthenticationKeyLength),
        Derive(masterKey, masterSalt, SrtpKeyLabel.RtpSalt, lengths.SaltLength));

    public static SrtpSessionKeys ForRtcp(SrtpProfileParameters lengths, ReadOnlySpan<byte> masterKey, ReadOnlySpan<byte> masterSalt) =>
        new(
        Derive(masterKey, masterSalt, SrtpKeyLabel.RtcpEncryption, lengths.KeyLength),
        Derive(masterKey, masterSalt, SrtpKeyLabel.RtcpAuthentication, lengths.AuthenticationKeyLength),
        Derive(masterKey, masterSalt, SrtpKeyLabel.RtcpSalt, lengths.SaltLength));

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(Encryption);
        CryptographicOperations.ZeroMemory(Authentication);
    }

    private static byte[] Derive(ReadOnlySpan<byte> masterKey, ReadOnlySpan<byte> masterSalt, SrtpKeyLabel label, int length)
    {
        // Pinned, so that the garbage collector leaves no copies behind.
        var key = GC.AllocateArray<byte>(length, pinned: true);
        SrtpKeyDerivation.Derive(masterKey, masterSalt, label, key);
        return key;
    }
}
