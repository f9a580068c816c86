using Hype.MediaClient;
using Hype.MediaNode.Rtp;

namespace Hype.Benchmarks.Parts;

/// <summary>Creates the packets of all benchmarks: 20 ms of Opus at 40 kbit/s.</summary>
internal static class Voice
{
    /// <summary>The size of the payload in bytes.</summary>
    public const int PayloadLength = 100;

    /// <summary>The time between two packets of one speaker, in µs.</summary>
    public const long Frame = 20_000;

    /// <summary>The level of speech in −dBov; packets have the voice flag.</summary>
    public const byte Loud = 30;

    /// <summary>The level of silence in −dBov; packets do not have the voice flag.</summary>
    public const byte Silent = 127;

    public static byte[] NewPayload()
    {
        var payload = new byte[PayloadLength];
        new SpokenFrame(SentAt: 0, Speaker: 1, Frame: 1).WriteTo(payload);
        return payload;
    }

    /// <summary>
    /// Writes a header of <see cref="SpokenFrame.HeaderLength"/> bytes as a browser sends it, with the level of RFC 6464.
    /// </summary>
    public static void WriteHeader(Span<byte> destination, ushort sequence, uint ssrc, byte minusDbov) => SpokenFrame.WriteHeader(
        destination, PayloadTypes.Opus, marker: false, sequence, sequence * SpokenFrame.Ticks, ssrc, PayloadTypes.AudioLevelExtension,
            minusDbov);
}
