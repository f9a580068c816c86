using Hype.MediaNode.Rtp;

namespace Hype.MediaNode.Forwarding;

/// <summary>What someone said, authentic and in the clear: read once, then sealed for each who hears it.</summary>
/// <param name="packet">The datagram; its header is what <paramref name="header"/> views.</param>
/// <param name="speaker">The participant's number.</param>
internal readonly ref struct SpokenPacket(RtpHeader header, ReadOnlySpan<byte> packet, ReadOnlySpan<byte> payload, uint speaker)
{
    public readonly RtpHeader Header = header;

    public ReadOnlySpan<byte> Packet { get; } = packet;

    public ReadOnlySpan<byte> Payload { get; } = payload;

    public uint Speaker { get; } = speaker;
}
