using System.Buffers.Binary;

namespace Hype.MediaNode.Rtp;

/// <summary>A synchronization source identifier (RFC 3550 §3): it identifies one RTP stream.</summary>
internal readonly record struct Ssrc(uint Value)
{
    public static Ssrc Read(ReadOnlySpan<byte> source) => new(BinaryPrimitives.ReadUInt32BigEndian(source));

    public void Write(Span<byte> destination) => BinaryPrimitives.WriteUInt32BigEndian(destination, Value);
}
