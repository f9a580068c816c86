namespace Hype.MediaNode.Tests.Workers;

/// <summary>A media packet that a test peer has received and decrypted.</summary>
/// <param name="Speaker">The one CSRC.</param>
/// <param name="Extension">The header extension with its four-byte header.</param>
/// <param name="Payload">The payload with its padding, if any.</param>
internal sealed record Heard(
    uint Ssrc, ushort Sequence, uint Timestamp, bool Marker, byte PayloadType, bool Padded, uint Speaker, byte[] Extension, byte[] Payload)
{
    /// <summary>The number ("word") at the start of a payload that <see cref="TestPeer.Say"/> sent.</summary>
    public int Word => BitConverter.ToInt32(Payload);
}
