using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using X86Aes = System.Runtime.Intrinsics.X86.Aes;

namespace Hype.MediaNode.Ciphers;

/// <summary>
/// Encrypts by AES (FIPS 197) with one processor instruction per round. There are no tables and no branches on key or data, so the time is
/// constant.
/// </summary>
/// <remarks>The caller stores the round keys, so that they can lie next to the other data of the key.</remarks>
internal static class AesRounds
{
    private const int BlockLength = 16;

    // Swaps the last word of a counter block between network order and the order in which the processor adds.
    private static Vector128<byte> SwapCounter => Vector128.Create((byte)0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 15, 14, 13, 12);

    /// <summary>Returns the number of round keys for a key of 16 or 32 bytes.</summary>
    public static int CountFor(int keyLength) => keyLength == 32 ? 15 : 11;

    /// <summary>Expands a key into its round keys (FIPS 197 §5.2).</summary>
    /// <param name="key">16 or 32 bytes.</param>
    /// <param name="keys"><see cref="CountFor"/> entries.</param>
    public static void Expand(ReadOnlySpan<byte> key, Span<Vector128<byte>> keys)
    {
        if (key.Length == 32)
            Expand256(key, keys);
        else
            Expand128(Vector128.Create(key), keys);
    }

    public static Vector128<byte> Encrypt(ReadOnlySpan<Vector128<byte>> keys, Vector128<byte> block)
    {
        block ^= keys[0];
        for (var round = 1; round < keys.Length - 1; round++)
            block = X86Aes.Encrypt(block, keys[round]);
        return X86Aes.EncryptLast(block, keys[^1]);
    }

    /// <summary>
    /// XORs data with the key stream of counter mode. <paramref name="first"/> is the first counter block; its last 32 bits are the
    /// counter.
    /// </summary>
    /// <param name="destination">At least as long as <paramref name="source"/>.</param>
    public static void XorKeyStream(
        ReadOnlySpan<Vector128<byte>> keys, Vector128<byte> first, ReadOnlySpan<byte> source, Span<byte> destination)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(destination.Length, source.Length);
        ref var from = ref MemoryMarshal.GetReference(source);
        ref var to = ref MemoryMarshal.GetReference(destination);
        var length = (nuint)source.Length;
        var counter = Ssse3.Shuffle(first, SwapCounter).AsUInt32();
        var one = Vector128.Create(0u, 0, 0, 1);
        nuint at = 0;
        // Four blocks at a time: a round takes the processor four cycles, but it can start one block's round in each cycle.
        for (; length - at >= 4 * BlockLength; at += 4 * BlockLength)
        {
            var a = Block(counter);
            var b = Block(counter += one);
            var c = Block(counter += one);
            var d = Block(counter += one);
            counter += one;
            EncryptFour(keys, ref a, ref b, ref c, ref d);
            (a ^ Vector128.LoadUnsafe(ref from, at)).StoreUnsafe(ref to, at);
            (b ^ Vector128.LoadUnsafe(ref from, at + BlockLength)).StoreUnsafe(ref to, at + BlockLength);
            (c ^ Vector128.LoadUnsafe(ref from, at + (2 * BlockLength))).StoreUnsafe(ref to, at + (2 * BlockLength));
            (d ^ Vector128.LoadUnsafe(ref from, at + (3 * BlockLength))).StoreUnsafe(ref to, at + (3 * BlockLength));
        }

        for (; length - at >= BlockLength; at += BlockLength, counter += one)
            (Encrypt(keys, Block(counter)) ^ Vector128.LoadUnsafe(ref from, at)).StoreUnsafe(ref to, at);
        if (at == length)
            return;
        var rest = Encrypt(keys, Block(counter));
        for (var i = 0; at < length; at++, i++)
            Unsafe.Add(ref to, at) = (byte)(Unsafe.Add(ref from, at) ^ rest[i]);
    }

    private static Vector128<byte> Block(Vector128<uint> counter) => Ssse3.Shuffle(counter.AsByte(), SwapCounter);

    private static void EncryptFour(
        ReadOnlySpan<Vector128<byte>> keys, ref Vector128<byte> a, ref Vector128<byte> b, ref Vector128<byte> c, ref Vector128<byte> d)
    {
        var (w, x, y, z) = (a ^ keys[0], b ^ keys[0], c ^ keys[0], d ^ keys[0]);
        for (var round = 1; round < keys.Length - 1; round++)
        {
            var key = keys[round];
            w = X86Aes.Encrypt(w, key);
            x = X86Aes.Encrypt(x, key);
            y = X86Aes.Encrypt(y, key);
            z = X86Aes.Encrypt(z, key);
        }

        var last = keys[^1];
        a = X86Aes.EncryptLast(w, last);
        b = X86Aes.EncryptLast(x, last);
        c = X86Aes.EncryptLast(y, last);
        d = X86Aes.EncryptLast(z, last);
    }

    // The round constant is part of the instruction, so this cannot be a loop.
    private static void Expand128(Vector128<byte> key, Span<Vector128<byte>> keys)
    {
        keys[0] = key;
        keys[1] = key = Next(key, Rotated(X86Aes.KeygenAssist(key, 0x01)));
        keys[2] = key = Next(key, Rotated(X86Aes.KeygenAssist(key, 0x02)));
        keys[3] = key = Next(key, Rotated(X86Aes.KeygenAssist(key, 0x04)));
        keys[4] = key = Next(key, Rotated(X86Aes.KeygenAssist(key, 0x08)));
        keys[5] = key = Next(key, Rotated(X86Aes.KeygenAssist(key, 0x10)));
        keys[6] = key = Next(key, Rotated(X86Aes.KeygenAssist(key, 0x20)));
        keys[7] = key = Next(key, Rotated(X86Aes.KeygenAssist(key, 0x40)));
        keys[8] = key = Next(key, Rotated(X86Aes.KeygenAssist(key, 0x80)));
        keys[9] = key = Next(key, Rotated(X86Aes.KeygenAssist(key, 0x1B)));
        keys[10] = Next(key, Rotated(X86Aes.KeygenAssist(key, 0x36)));
    }

    private static void Expand256(ReadOnlySpan<byte> key, Span<Vector128<byte>> keys)
    {
        var even = Vector128.Create(key);
        var odd = Vector128.Create(key[16..]);
        (keys[0], keys[1]) = (even, odd);
        keys[2] = even = Next(even, Rotated(X86Aes.KeygenAssist(odd, 0x01)));
        keys[3] = odd = Next(odd, Substituted(X86Aes.KeygenAssist(even, 0)));
        keys[4] = even = Next(even, Rotated(X86Aes.KeygenAssist(odd, 0x02)));
        keys[5] = odd = Next(odd, Substituted(X86Aes.KeygenAssist(even, 0)));
        keys[6] = even = Next(even, Rotated(X86Aes.KeygenAssist(odd, 0x04)));
        keys[7] = odd = Next(odd, Substituted(X86Aes.KeygenAssist(even, 0)));
        keys[8] = even = Next(even, Rotated(X86Aes.KeygenAssist(odd, 0x08)));
        keys[9] = odd = Next(odd, Substituted(X86Aes.KeygenAssist(even, 0)));
        keys[10] = even = Next(even, Rotated(X86Aes.KeygenAssist(odd, 0x10)));
        keys[11] = odd = Next(odd, Substituted(X86Aes.KeygenAssist(even, 0)));
        keys[12] = even = Next(even, Rotated(X86Aes.KeygenAssist(odd, 0x20)));
        keys[13] = odd = Next(odd, Substituted(X86Aes.KeygenAssist(even, 0)));
        keys[14] = Next(even, Rotated(X86Aes.KeygenAssist(odd, 0x40)));
    }

    // Each word is XORed with all words before it, then with the substituted one.
    private static Vector128<byte> Next(Vector128<byte> key, Vector128<byte> substituted)
    {
        key ^= Sse2.ShiftLeftLogical128BitLane(key, 4);
        key ^= Sse2.ShiftLeftLogical128BitLane(key, 8);
        return key ^ substituted;
    }

    // KeygenAssist leaves RotWord(SubWord(w3)) ^ rcon in word 3 and SubWord(w3) in word 2.
    private static Vector128<byte> Rotated(Vector128<byte> assist) => Sse2.Shuffle(assist.AsUInt32(), 0xFF).AsByte();

    private static Vector128<byte> Substituted(Vector128<byte> assist) => Sse2.Shuffle(assist.AsUInt32(), 0xAA).AsByte();
}
