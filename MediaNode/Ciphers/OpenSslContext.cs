using System.Security.Cryptography;

namespace Hype.MediaNode.Ciphers;

/// <summary>
/// One AES key in OpenSSL, its schedule kept between packets. OpenSSL is called directly, since the framework's <see cref="AesGcm"/>
/// costs three times as much per packet and answers a forged packet with an exception. Dispose frees the native key.
/// </summary>
internal sealed unsafe class OpenSslContext : IDisposable
{
    public const int Encrypting = 1;
    public const int Decrypting = 0;

    private const int KeepDirection = -1;

    private nint _context;

    public OpenSslContext(nint cipher, ReadOnlySpan<byte> key, int direction)
    {
        _context = LibCrypto.EVP_CIPHER_CTX_new();
        fixed (byte* k = key)
        {
            if (_context != 0 && LibCrypto.EVP_CipherInit_ex(_context, cipher, 0, k, null, direction) == 1) return;
        }

        Dispose();
        throw new CryptographicException("OpenSSL refused an AES key: is this libcrypto complete?");
    }

    /// <summary>After <see cref="Dispose"/> there is no context to call with.</summary>
    public nint Handle
    {
        get
        {
            ObjectDisposedException.ThrowIf(_context == 0, this);
            return _context;
        }
    }

    /// <summary>The next packet's IV, the key being the same.</summary>
    public bool Begin(byte* iv) => LibCrypto.SetIv(Handle, 0, 0, null, iv, KeepDirection) == 1;

    /// <summary>Into <paramref name="output"/>, or as associated data where that is null. Nothing to do is done.</summary>
    public bool Update(byte* output, byte* input, int length)
    {
        int written;
        return length == 0 || LibCrypto.EVP_CipherUpdate(_context, output, &written, input, length) == 1;
    }

    public void Dispose()
    {
        // OpenSSL overwrites the key schedule as it frees it.
        LibCrypto.EVP_CIPHER_CTX_free(_context);
        _context = 0;
    }
}
