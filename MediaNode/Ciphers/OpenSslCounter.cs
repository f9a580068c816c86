using System.Security.Cryptography;

namespace Hype.MediaNode.Ciphers;

/// <summary>
/// AES in counter mode, computed by OpenSSL: for processors without supported AES instructions, or if the configuration requires OpenSSL.
/// </summary>
internal sealed unsafe class OpenSslCounter(ReadOnlySpan<byte> key) : CounterContext
{
    private readonly OpenSslContext _aes = new(
        key.Length == 32 ? LibCrypto.EVP_aes_256_ctr() : LibCrypto.EVP_aes_128_ctr(), key, OpenSslContext.Encrypting);

    public override void Transform(ReadOnlySpan<byte> iv, ReadOnlySpan<byte> source, Span<byte> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(iv.Length, 16);
        ArgumentOutOfRangeException.ThrowIfLessThan(destination.Length, source.Length);
        fixed (byte* v = iv, s = source, d = destination)
        {
            if (!_aes.Begin(v) || !_aes.Update(d, s, source.Length))
                throw new CryptographicException("OpenSSL failed in AES counter mode.");
        }
    }

    public override void Dispose() => _aes.Dispose();
}
