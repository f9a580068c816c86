using System.Runtime.Intrinsics;

namespace Hype.MediaNode.Ciphers;

/// <summary>Counter mode by the processor's instructions.</summary>
internal sealed class InstructionCounter(ReadOnlySpan<byte> key) : CounterContext
{
    private readonly AesKeySchedule _aes = new(key);

    public override void Transform(ReadOnlySpan<byte> iv, ReadOnlySpan<byte> source, Span<byte> destination) =>
        _aes.XorKeyStream(Vector128.Create(iv), source, destination);

    public override void Dispose() => _aes.Dispose();
}
