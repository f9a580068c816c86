using System.Buffers.Binary;
using Hype.MediaNode.Rtp;

namespace Hype.MediaClient;

/// <summary>
/// A frame of a synthetic speaker: 20 ms with a payload that proves its speaker, its number, its time of sending, and that it was not
/// changed.
/// <code>
///  | sent at, µs 8 | speaker 4 | frame 4 | filler: byte i is (frame + i) mod 256 |
/// </code>
/// </summary>
internal readonly record struct SpokenFrame(long SentAt, uint Speaker, uint Frame)
{
    /// <summary>The number of RTP clock ticks in a frame of 20 ms (RFC 7587 §4.1).</summary>
    public const uint Ticks = 960;

    public const int MinLength = 16;

    /// <summary>
    /// The length of the RTP header of a frame, with an RFC 6464 level as a browser sends it: 12 bytes and an extension of 8.
    /// </summary>
    public const int HeaderLength = RtpHeader.FixedLength + 8;

    /// <param name="destination"><see cref="HeaderLength"/> bytes.</param>
    /// <param name="levelExtension">The id of <c>urn:ietf:params:rtp-hdrext:ssrc-audio-level</c>.</param>
    /// <param name="minusDbov">0 (loudest) to 127.</param>
    public static void WriteHeader(Span<byte> destination, byte payloadType, bool marker, ushort sequence, uint timestamp, uint ssrc,
        byte levelExtension, byte minusDbov)
    {
        RtpHeaderWriter.Write(destination, payloadType, marker, new SequenceNumber(sequence), timestamp, new Ssrc(ssrc));
        destination[0] |= 0x10;
        var voice = minusDbov < 60 ? 0x80 : 0;
        ReadOnlySpan<byte> extension = [0xBE, 0xDE, 0, 1, (byte)(levelExtension << 4), (byte)(voice | minusDbov), 0, 0];
        extension.CopyTo(destination[RtpHeader.FixedLength..]);
    }

    public void WriteTo(Span<byte> payload)
    {
        BinaryPrimitives.WriteInt64LittleEndian(payload, SentAt);
        BinaryPrimitives.WriteUInt32LittleEndian(payload[8..], Speaker);
        BinaryPrimitives.WriteUInt32LittleEndian(payload[12..], Frame);
        for (var i = MinLength; i < payload.Length; i++)
            payload[i] = (byte)(Frame + i);
    }

    /// <summary>
    /// Reads the payload of a frame. Returns false if the payload is not from a synthetic speaker, or was changed in transit.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> payload, out SpokenFrame frame)
    {
        frame = default;
        if (payload.Length < MinLength)
            return false;
        frame = new SpokenFrame(
            BinaryPrimitives.ReadInt64LittleEndian(payload),
            BinaryPrimitives.ReadUInt32LittleEndian(payload[8..]),
            BinaryPrimitives.ReadUInt32LittleEndian(payload[12..]));
        for (var i = MinLength; i < payload.Length; i++)
        {
            if (payload[i] != (byte)(frame.Frame + i))
                return false;
        }

        return true;
    }
}
