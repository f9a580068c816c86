using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Hype.MediaNode.Stun;

/// <summary>
/// Computes the attribute MESSAGE-INTEGRITY (RFC 8489 §14.5): HMAC-SHA1 over the message up to the attribute, with a length field that
/// ends at the attribute even if FINGERPRINT follows. In ICE the key is the password of the answering side (RFC 8445 §7.2.2).
/// </summary>
internal static class StunIntegrity
{
    public const int Length = HMACSHA1.HashSizeInBytes;

    /// <param name="attributeOffset">The offset of the attribute's type field in the message.</param>
    public static void Compute(ReadOnlySpan<byte> message, int attributeOffset, ReadOnlySpan<byte> key, Span<byte> destination)
    {
        Span<byte> covered = stackalloc byte[attributeOffset];
        message[..attributeOffset].CopyTo(covered);
        BinaryPrimitives.WriteUInt16BigEndian(covered[2..], (ushort)(attributeOffset + 4 + Length - StunMessage.HeaderLength));
        HMACSHA1.HashData(key, covered, destination);
    }
}
