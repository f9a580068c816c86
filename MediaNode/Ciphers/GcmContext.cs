namespace Hype.MediaNode.Ciphers;

/// <summary>
/// AES in Galois/counter mode (NIST SP 800-38D) under one key, whose expanded round keys are stored between packets. For one thread and
/// one direction. Dispose overwrites the key. There is no finalizer, because the worker that owns a transport always disposes of it.
/// </summary>
internal abstract class GcmContext : IDisposable
{
    public const int NonceLength = 12;
    public const int TagLength = 16;

    /// <param name="key">16 or 32 bytes.</param>
    public static GcmContext ForSealing(AesEngine engine, ReadOnlySpan<byte> key) =>
        engine.UsesInstructions() ? new InstructionGcm(key) : OpenSslGcm.ForSealing(key);

    /// <param name="key">16 or 32 bytes.</param>
    public static GcmContext ForOpening(AesEngine engine, ReadOnlySpan<byte> key) =>
        engine.UsesInstructions() ? new InstructionGcm(key) : OpenSslGcm.ForOpening(key);

    /// <summary>Encrypts a text and computes the authentication tag over it and the associated data.</summary>
    /// <param name="nonce">12 bytes, never used twice with this key.</param>
    /// <param name="destination">
    /// The ciphertext, then the tag of 16 bytes. The same memory as <paramref name="plaintext"/>, or memory that does not overlap it.
    /// </param>
    public abstract void Seal(
        ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associatedData, ReadOnlySpan<byte> plaintext, Span<byte> destination);

    /// <summary>
    /// Decrypts in place and checks the tag. Returns false if the tag is wrong; the content of <paramref name="text"/> must then be
    /// discarded.
    /// </summary>
    public abstract bool TryOpen(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associatedData, Span<byte> text, ReadOnlySpan<byte> tag);

    public abstract void Dispose();
}
