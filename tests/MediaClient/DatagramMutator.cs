namespace Hype.MediaClient;

/// <summary>
/// Creates hostile datagrams from a seed: valid datagrams with flipped bits or boundary values; truncated, extended or spliced ones; and
/// noise. The same seed gives the same datagrams, so a failure is repeated by its seed and number.
/// </summary>
internal sealed class DatagramMutator(int seed, params byte[][] valid)
{
    public const int Count = 100_000;

    private const int MaxLength = 1500;
    private static readonly byte[] Borders = [0x00, 0x01, 0x0F, 0x10, 0x7F, 0x80, 0xBE, 0xDE, 0xFE, 0xFF];

    private readonly Random _random = new(seed);
    private readonly byte[] _buffer = new byte[MaxLength];

    /// <summary>Returns the next hostile datagram, in a buffer that the following call overwrites.</summary>
    public Span<byte> Next()
    {
        if (_random.Next(10) == 0)
        {
            var noise = _buffer.AsSpan(0, _random.Next(200));
            _random.NextBytes(noise);
            return noise;
        }

        var source = valid[_random.Next(valid.Length)];
        source.CopyTo(_buffer, 0);
        var length = source.Length;
        for (var steps = _random.Next(1, 6); steps > 0; steps--)
            length = Mutate(length);
        return _buffer.AsSpan(0, length);
    }

    private int Mutate(int length)
    {
        if (length == 0)
            return _random.Next(4);
        var at = _random.Next(length);
        switch (_random.Next(6))
        {
            case 0:
                _buffer[at] ^= (byte)(1 << _random.Next(8));
                return length;
            case 1:
                _buffer[at] = Borders[_random.Next(Borders.Length)];
                return length;
            case 2:
                // The first bytes hold the counts and lengths that parsers read.
                _buffer[_random.Next(Math.Min(length, 20))] = (byte)_random.Next(256);
                return length;
            case 3:
                return at;
            case 4:
                var grown = Math.Min(length + _random.Next(1, 40), MaxLength);
                _random.NextBytes(_buffer.AsSpan(length, grown - length));
                return grown;
            default:
                var splice = valid[_random.Next(valid.Length)];
                var count = Math.Min(_random.Next(splice.Length), length - at);
                splice.AsSpan(0, count).CopyTo(_buffer.AsSpan(at));
                return length;
        }
    }
}
