using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Hype.MediaNode.Ciphers;

/// <summary>
/// GHASH (NIST SP 800-38D §6.4) by carry-less multiplication. GHASH counts a block's bits from the left. With its bytes reversed, a
/// block is a polynomial in the processor's format, and the hash is POLYVAL of RFC 8452 under the key H · x (its appendix A),
/// whose product needs no shift: dot(a, b) = a · b · x⁻¹²⁸ mod x¹²⁸ + x¹²⁷ + x¹²⁶ + x¹²¹ + 1.
/// </summary>
/// <remarks>
/// Eight blocks are multiplied by eight powers of the key, and their sum is reduced once. The time is constant: no tables, no branches
/// on key or data.
/// </remarks>
internal static class Ghash
{
    private const int BlockLength = 16;

    /// <summary>The number of stored powers of the hash key, and of blocks that are hashed together.</summary>
    public const int Powers = 8;

    /// <summary>The upper 64 bits of the reduction polynomial: x¹²⁷ + x¹²⁶ + x¹²¹.</summary>
    private const ulong UpperPolynomial = 0xC200_0000_0000_0000;

    private static Vector128<byte> ReverseBytes => Vector128.Create((byte)15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);

    /// <param name="hashKey">H, the encrypted zero block.</param>
    /// <param name="powers">Entry i becomes the key to the power i + 1.</param>
    public static void Expand(Vector128<byte> hashKey, Span<Vector128<byte>> powers)
    {
        var key = TimesX(Reverse(hashKey));
        var power = key;
        for (var i = 0; i < Powers; i++, power = Dot(power, key))
            powers[i] = power.AsByte();
    }

    /// <summary>Returns the hash of the associated data, the ciphertext and their lengths, in the order that GCM specifies.</summary>
    public static Vector128<byte> Hash(
        ReadOnlySpan<Vector128<byte>> powers, ReadOnlySpan<byte> associatedData, ReadOnlySpan<byte> ciphertext)
    {
        var hash = Add(powers, default, associatedData);
        hash = Add(powers, hash, ciphertext);
        // Lengths in bits, 64 each, already in the reversed order.
        var lengths = Vector128.Create((ulong)ciphertext.Length * 8, (ulong)associatedData.Length * 8);
        return Reverse(Dot(hash ^ lengths, powers[0].AsUInt64())).AsByte();
    }

    // A partial block is padded with zeros.
    private static Vector128<ulong> Add(ReadOnlySpan<Vector128<byte>> powers, Vector128<ulong> hash, ReadOnlySpan<byte> data)
    {
        while (!data.IsEmpty)
        {
            var blocks = Math.Min((data.Length + BlockLength - 1) / BlockLength, Powers);
            Vector128<ulong> low = default, middle = default, high = default;
            for (var power = blocks - 1; power >= 0; power--)
            {
                var block = hash ^ Load(data);
                hash = default;
                data = data[Math.Min(BlockLength, data.Length)..];
                var key = powers[power].AsUInt64();
                low ^= Pclmulqdq.CarrylessMultiply(block, key, 0x00);
                middle ^= Pclmulqdq.CarrylessMultiply(block, key, 0x01) ^ Pclmulqdq.CarrylessMultiply(block, key, 0x10);
                high ^= Pclmulqdq.CarrylessMultiply(block, key, 0x11);
            }

            hash = Reduce(low, middle, high);
        }

        return hash;
    }

    private static Vector128<ulong> Load(ReadOnlySpan<byte> data)
    {
        if (data.Length >= BlockLength)
            return Reverse(Vector128.Create(data));
        Span<byte> padded = stackalloc byte[BlockLength];
        padded.Clear();
        data.CopyTo(padded);
        return Reverse(Vector128.Create((ReadOnlySpan<byte>)padded));
    }

    private static Vector128<ulong> Reverse(Vector128<byte> block) => Ssse3.Shuffle(block, ReverseBytes).AsUInt64();

    private static Vector128<ulong> Reverse(Vector128<ulong> block) => Ssse3.Shuffle(block.AsByte(), ReverseBytes).AsUInt64();

    private static Vector128<ulong> Dot(Vector128<ulong> a, Vector128<ulong> b) => Reduce(
        Pclmulqdq.CarrylessMultiply(a, b, 0x00),
        Pclmulqdq.CarrylessMultiply(a, b, 0x01) ^ Pclmulqdq.CarrylessMultiply(a, b, 0x10),
        Pclmulqdq.CarrylessMultiply(a, b, 0x11));

    // Montgomery reduction: the lower half is folded 64 bits at a time, each time into the 128 bits above it.
    private static Vector128<ulong> Reduce(Vector128<ulong> low, Vector128<ulong> middle, Vector128<ulong> high)
    {
        var polynomial = Vector128.CreateScalar(UpperPolynomial);
        middle ^= SwapHalves(low) ^ Pclmulqdq.CarrylessMultiply(low, polynomial, 0x00);
        return high ^ SwapHalves(middle) ^ Pclmulqdq.CarrylessMultiply(middle, polynomial, 0x00);
    }

    private static Vector128<ulong> SwapHalves(Vector128<ulong> block) => Sse2.Shuffle(block.AsUInt32(), 0x4E).AsUInt64();

    private static Vector128<ulong> TimesX(Vector128<ulong> block)
    {
        var (low, high) = (block[0], block[1]);
        var overflow = 0 - (high >> 63);
        return Vector128.Create((low << 1) ^ (overflow & 1), ((high << 1) | (low >> 63)) ^ (overflow & UpperPolynomial));
    }
}
