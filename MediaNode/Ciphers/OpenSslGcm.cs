using System.Security.Cryptography;

namespace Hype.MediaNode.Ciphers;

/// <summary>
/// AES-GCM, computed by OpenSSL: for processors without supported AES instructions, or if the configuration requires OpenSSL.
/// </summary>
internal sealed unsafe class OpenSslGcm : GcmContext
{
    private readonly OpenSslContext _aes;

    private OpenSslGcm(ReadOnlySpan<byte> key, int direction) =>
        _aes = new OpenSslContext(key.Length == 32 ? LibCrypto.EVP_aes_256_gcm() : LibCrypto.EVP_aes_128_gcm(), key, direction);

    public static OpenSslGcm ForSealing(ReadOnlySpan<byte> key) => new(key, OpenSslContext.Encrypting);

    public static OpenSslGcm ForOpening(ReadOnlySpan<byte> key) => new(key, OpenSslContext.Decrypting);

    public override void Seal(
        ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associatedData, ReadOnlySpan<byte> plaintext, Span<byte> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(nonce.Length, NonceLength);
        ArgumentOutOfRangeException.ThrowIfLessThan(destination.Length, plaintext.Length + TagLength);
        int written;
        fixed (byte* n = nonce, a = associatedData, p = plaintext, d = destination)
        {
            var done = _aes.Begin(n)
                && _aes.Update(null, a, associatedData.Length)
                && _aes.Update(d, p, plaintext.Length)
                && LibCrypto.EVP_CipherFinal_ex(_aes.Handle, d + plaintext.Length, &written) == 1
                && LibCrypto.EVP_CIPHER_CTX_ctrl(_aes.Handle, LibCrypto.GetTag, TagLength, d + plaintext.Length) == 1;
            if (!done)
                throw new CryptographicException("OpenSSL failed to seal with AES-GCM.");
        }
    }

    public override bool TryOpen(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associatedData, Span<byte> text, ReadOnlySpan<byte> tag)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(nonce.Length, NonceLength);
        ArgumentOutOfRangeException.ThrowIfNotEqual(tag.Length, TagLength);
        int written;
        var none = stackalloc byte[1];
        fixed (byte* n = nonce, a = associatedData, x = text, t = tag)
        {
            return _aes.Begin(n)
                && _aes.Update(null, a, associatedData.Length)
                && _aes.Update(x, x, text.Length)
                && LibCrypto.EVP_CIPHER_CTX_ctrl(_aes.Handle, LibCrypto.SetTag, TagLength, t) == 1
                && LibCrypto.EVP_CipherFinal_ex(_aes.Handle, none, &written) == 1;
        }
    }

    public override void Dispose() => _aes.Dispose();
}
