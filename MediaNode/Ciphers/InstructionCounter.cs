using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;

namespace Hype.MediaNode.Ciphers;

/// <summary>AES in counter mode, computed by the processor's AES instructions.</summary>
internal sealed class InstructionCounter : CounterContext
{
    // Pinned, so that the garbage collector leaves no copies of a key behind and Dispose overwrites the only one.
    private Vector128<byte>[] _keys;

    public InstructionCounter(ReadOnlySpan<byte> key)
    {
        _keys = GC.AllocateArray<Vector128<byte>>(AesRounds.CountFor(key.Length), pinned: true);
        AesRounds.Expand(key, _keys);
    }

    public override void Transform(ReadOnlySpan<byte> iv, ReadOnlySpan<byte> source, Span<byte> destination) =>
        AesRounds.XorKeyStream(_keys, Vector128.Create(iv), source, destination);

    public override void Dispose()
    {
        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(_keys.AsSpan()));
        // A call after Dispose throws; it must not encrypt under an all-zero key.
        _keys = [];
    }
}
