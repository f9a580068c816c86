namespace Hype.MediaNode.Tests.Workers;

/// <summary>A packet as its receiver decrypted it.</summary>
/// <param name="Speaker">The one CSRC.</param>
/// <param name="Extension">The header extension with its four-byte head.</param>
/// <param name="Payload">With its padding, if there is some.</param>
internal sealed record Heard(
    uint Ssrc, ushort Sequence, uint Timestamp, bool Marker, byte PayloadType, bool Padded, uint Speaker, byte[] Extension, byte[] Payload)
{
    /// <summary>The payloads that <see cref="TestPeer.Say"/> makes begin with the number of what was said.</summary>
    public int Word => BitConverter.ToInt32(Payload);
}
