using System.Runtime.InteropServices;
using System.Security.Cryptography;
using static Hype.MediaNode.Dtls.OpenSsl;

namespace Hype.MediaNode.Dtls;

/// <summary>An OpenSSL context (<c>SSL_CTX</c>): a certificate, and the settings shared by all DTLS sessions that use it.</summary>
internal sealed unsafe class DtlsContext : IDisposable
{
    // In the order of preference; the server's preference wins. AEAD_AES_128_GCM costs least per packet here.
    private const string Profiles = "SRTP_AEAD_AES_128_GCM:SRTP_AEAD_AES_256_GCM:SRTP_AES128_CM_SHA1_80";

    // In bytes. OpenSSL allocates the size that a handshake message's first fragment claims, and holds several messages that are out of
    // order. Its own limit of 100 KiB would let a peer without a proven certificate claim a megabyte.
    private const int LongestHandshakeMessage = 16 * 1024;

    /// <param name="certificate">X.509, DER.</param>
    /// <param name="privateKey">PKCS #8, DER; ECDSA P-256.</param>
    /// <param name="profiles">SRTP profiles by OpenSSL's names; null: all that this node supports.</param>
    /// <exception cref="CryptographicException">The certificate or key cannot be used.</exception>
    public DtlsContext(ReadOnlySpan<byte> certificate, ReadOnlySpan<byte> privateKey, string? profiles = null)
    {
        ERR_clear_error();
        Handle = SSL_CTX_new(DTLS_method());
        fixed (byte* cert = certificate)
        fixed (byte* key = privateKey)
        {
            // A peer without DTLS 1.2 has no AEAD SRTP either; RFC 8827 §6.5 requires at least 1.2.
            var usable = Handle != 0
                && SSL_CTX_ctrl(Handle, CtrlSetMinProtoVersion, Dtls12, null) == 1
                && SSL_CTX_use_certificate_ASN1(Handle, certificate.Length, cert) == 1
                && SSL_CTX_use_PrivateKey_ASN1(EvpPkeyEc, Handle, key, privateKey.Length) == 1
                && SSL_CTX_check_private_key(Handle) == 1
                && SSL_CTX_set_tlsext_use_srtp(Handle, profiles ?? Profiles) == 0;
            if (!usable)
            {
                var reason = LastError();
                Dispose();
                throw new CryptographicException($"The DTLS certificate cannot be used: {reason}");
            }
        }

        SSL_CTX_set_options(Handle, OpNoQueryMtu | OpNoTicket | OpNoRenegotiation);
        SSL_CTX_ctrl(Handle, CtrlSetSessionCacheMode, 0, null);
        SSL_CTX_ctrl(Handle, CtrlSetMaxCertList, LongestHandshakeMessage, null);
        SSL_CTX_ctrl(Handle, CtrlMode, ModeReleaseBuffers, null);
        SSL_CTX_set_verify(Handle, VerifyPeer | VerifyFailIfNoPeerCert, &AcceptAnyCertificate);
        Fingerprint = SHA256.HashData(certificate);
    }

    /// <summary>The SHA-256 fingerprint of the certificate.</summary>
    public byte[] Fingerprint { get; }

    public nint Handle { get; private set; }

    /// <summary>Frees the native context if the cache evicted it without disposal, because a room still used its certificate.</summary>
    ~DtlsContext() => Free();

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        if (Handle != 0)
            SSL_CTX_free(Handle);
        Handle = 0;
    }

    // WebRTC certificates are self-signed. The peer is proven by the fingerprint from its SDP (RFC 8122), which the endpoint compares
    // after the handshake and before it accepts any media.
    [UnmanagedCallersOnly]
    private static int AcceptAnyCertificate(int preverified, nint store) => 1;
}
