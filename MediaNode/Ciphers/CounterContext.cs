namespace Hype.MediaNode.Ciphers;

/// <summary>
/// AES in counter mode (NIST SP 800-38A §6.5) under one key, whose expanded round keys are stored between packets. For one thread.
/// </summary>
internal abstract class CounterContext : IDisposable
{
    /// <param name="key">16 or 32 bytes.</param>
    public static CounterContext Create(AesEngine engine, ReadOnlySpan<byte> key) =>
        engine.UsesInstructions() ? new InstructionCounter(key) : new OpenSslCounter(key);

    /// <summary>XORs the key stream with the source; the same operation encrypts and decrypts.</summary>
    /// <param name="iv">16 bytes: the first counter block. Its last 32 bits are the counter and must not overflow within the
    /// packet.</param>
    /// <param name="destination">The same memory as <paramref name="source"/>, or memory that does not overlap it.</param>
    public abstract void Transform(ReadOnlySpan<byte> iv, ReadOnlySpan<byte> source, Span<byte> destination);

    public abstract void Dispose();
}
