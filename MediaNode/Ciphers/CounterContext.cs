namespace Hype.MediaNode.Ciphers;

/// <summary>AES in counter mode (NIST SP 800-38A §6.5) under one key, whose schedule is kept between packets. For one thread.</summary>
internal abstract class CounterContext : IDisposable
{
    /// <param name="key">16 or 32 bytes.</param>
    public static CounterContext Create(AesEngine engine, ReadOnlySpan<byte> key) =>
        engine.UsesInstructions() ? new InstructionCounter(key) : new OpenSslCounter(key);

    /// <summary>XORs the key stream, the same in both directions.</summary>
    /// <param name="iv">16 bytes, the first counter block; its last 32 bits count, and may not overflow within the packet.</param>
    /// <param name="destination">May be where <paramref name="source"/> is, but not overlap it otherwise.</param>
    public abstract void Transform(ReadOnlySpan<byte> iv, ReadOnlySpan<byte> source, Span<byte> destination);

    public abstract void Dispose();
}
