using Hype.MediaClient;
using Hype.MediaNode.Rtp;

namespace Hype.Benchmarks.Parts;

/// <summary>The packets of all benchmarks: 20 ms of Opus at 40 kbit/s.</summary>
internal static class Voice
{
    /// <summary>The payload's size in bytes.</summary>
    public const int PayloadLength = 100;

    /// <summary>µs between two packets of one speaker.</summary>
    public const long Frame = 20_000;

    /// <summary>The level of speech in −dBov, with the voice flag.</summary>
    public const byte Loud = 30;

    /// <summary>The level of silence in −dBov, without the voice flag.</summary>
    public const byte Silent = 127;

    public static byte[] NewPayload()
    {
        var payload = new byte[PayloadLength];
        new SpokenFrame(SentAt: 0, Speaker: 1, Frame: 1).WriteTo(payload);
        return payload;
    }

    /// <summary>A header as a browser sends it, with the level of RFC 6464; <see cref="SpokenFrame.HeaderLength"/> bytes.</summary>
    public static void WriteHeader(Span<byte> destination, ushort sequence, uint ssrc, byte minusDbov) => SpokenFrame.WriteHeader(
        destination, PayloadTypes.Opus, marker: false, sequence, sequence * SpokenFrame.Ticks, ssrc, PayloadTypes.AudioLevelExtension,
            minusDbov);
}
