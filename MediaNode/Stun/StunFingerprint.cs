namespace Hype.MediaNode.Stun;

/// <summary>
/// Computes the attribute FINGERPRINT (RFC 8489 §14.7): the CRC-32 of ITU-T V.42 over the message up to the attribute, XOR "STUN".
/// </summary>
internal static class StunFingerprint
{
    private const uint XorValue = 0x5354554e;
    private const uint ReversedPolynomial = 0xEDB88320;

    private static readonly uint[] Table = CreateTable();

    /// <param name="message">From the header to the attribute (exclusive), the header's length field counting the attribute.</param>
    public static uint Compute(ReadOnlySpan<byte> message)
    {
        var crc = uint.MaxValue;
        foreach (var b in message)
            crc = Table[(byte)(crc ^ b)] ^ (crc >> 8);
        return ~crc ^ XorValue;
    }

    private static uint[] CreateTable()
    {
        var table = new uint[256];
        for (uint i = 0; i < table.Length; i++)
        {
            var entry = i;
            for (var bit = 0; bit < 8; bit++)
                entry = (entry & 1) != 0 ? (entry >> 1) ^ ReversedPolynomial : entry >> 1;
            table[i] = entry;
        }

        return table;
    }
}
