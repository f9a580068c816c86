using Hype.MediaNode.Rtp;

namespace Hype.MediaNode.Forwarding;

/// <summary>An authentic, decrypted audio packet of a member: it is parsed once and then encrypted for each receiver.</summary>
/// <param name="packet">The datagram; <paramref name="header"/> is a view of it.</param>
/// <param name="speaker">The member's number.</param>
internal readonly ref struct SpokenPacket(RtpHeader header, ReadOnlySpan<byte> packet, ReadOnlySpan<byte> payload, MemberNumber speaker)
{
    public readonly RtpHeader Header = header;

    public ReadOnlySpan<byte> Packet { get; } = packet;

    public ReadOnlySpan<byte> Payload { get; } = payload;

    public MemberNumber Speaker { get; } = speaker;
}
