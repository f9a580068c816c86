using System.Security.Cryptography;

namespace Hype.MediaNode.Ciphers;

/// <summary>
/// One AES key in OpenSSL, whose expanded round keys are stored between packets. OpenSSL is called directly, because the framework's
/// <see cref="AesGcm"/> costs three times as much per packet and throws an exception for a forged one. Dispose frees the native key.
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
            if (_context != 0 && LibCrypto.EVP_CipherInit_ex(_context, cipher, 0, k, null, direction) == 1)
                return;
        }

        Dispose();
        throw new CryptographicException("OpenSSL refused an AES key: is this libcrypto complete?");
    }

    /// <summary>The native context. Throws <see cref="ObjectDisposedException"/> after <see cref="Dispose"/>.</summary>
    public nint Handle
    {
        get
        {
            ObjectDisposedException.ThrowIf(_context == 0, this);
            return _context;
        }
    }

    /// <summary>Sets the next packet's IV under the same key.</summary>
    public bool Begin(byte* iv) => LibCrypto.SetIv(Handle, 0, 0, null, iv, KeepDirection) == 1;

    /// <summary>
    /// Encrypts or decrypts <paramref name="input"/> into <paramref name="output"/>. If <paramref name="output"/> is null, the input is
    /// associated data. An empty input succeeds.
    /// </summary>
    public bool Update(byte* output, byte* input, int length)
    {
        int written;
        return length == 0 || LibCrypto.EVP_CipherUpdate(_context, output, &written, input, length) == 1;
    }

    public void Dispose()
    {
        // OpenSSL overwrites the key schedule when it frees the context.
        LibCrypto.EVP_CIPHER_CTX_free(_context);
        _context = 0;
    }
}
