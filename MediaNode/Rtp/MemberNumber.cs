using System.Buffers.Binary;

namespace Hype.MediaNode.Rtp;

/// <summary>The number of a member in its channel, and the CSRC of the member's forwarded packets. 0 means no member.</summary>
internal readonly record struct MemberNumber(uint Value)
{
    public static MemberNumber None => default;

    public static MemberNumber Read(ReadOnlySpan<byte> source) => new(BinaryPrimitives.ReadUInt32BigEndian(source));

    public void Write(Span<byte> destination) => BinaryPrimitives.WriteUInt32BigEndian(destination, Value);
}
