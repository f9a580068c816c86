using System.Numerics;

namespace Hype.EndToEnd.Tests.SwitchGap;

/// <summary>Computes the discrete Fourier transform for a length that is a power of two.</summary>
internal sealed class Fourier
{
    private readonly Complex[] _turns;

    public Fourier(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(BitOperations.IsPow2(length), true);
        Length = length;
        _turns = new Complex[length / 2];
        for (var i = 0; i < _turns.Length; i++)
            _turns[i] = Complex.FromPolarCoordinates(1, -2 * Math.PI * i / length);
    }

    public int Length { get; }

    /// <summary>Transforms the values in place, by decimation in time.</summary>
    public void Transform(Span<Complex> values)
    {
        ReverseBits(values);
        for (var half = 1; half < Length; half *= 2)
        {
            var stride = Length / (2 * half);
            for (var start = 0; start < Length; start += 2 * half)
            {
                for (var i = 0; i < half; i++)
                {
                    var even = values[start + i];
                    var odd = values[start + i + half] * _turns[i * stride];
                    values[start + i] = even + odd;
                    values[start + i + half] = even - odd;
                }
            }
        }
    }

    private static void ReverseBits(Span<Complex> values)
    {
        for (int i = 1, reversed = 0; i < values.Length; i++)
        {
            var bit = values.Length >> 1;
            for (; (reversed & bit) != 0; bit >>= 1)
                reversed ^= bit;
            reversed ^= bit;
            if (i < reversed)
                (values[i], values[reversed]) = (values[reversed], values[i]);
        }
    }
}
