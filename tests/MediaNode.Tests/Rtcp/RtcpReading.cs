using System.Buffers.Binary;
using Hype.MediaNode.Rtcp;
using Hype.MediaNode.Rtp;

namespace Hype.MediaNode.Tests.Rtcp;

/// <summary>Reads the fields of RTCP packets that only a receiver of the node's reports needs.</summary>
internal static class RtcpReading
{
    private const byte CanonicalName = 1;

    /// <summary>Reads the first SSRC of the packet; false if there is none.</summary>
    public static bool TryGetSsrc(this RtcpPacket packet, out Ssrc ssrc)
    {
        var found = BinaryPrimitives.TryReadUInt32BigEndian(packet.Body, out var value);
        ssrc = new Ssrc(value);
        return found;
    }

    /// <summary>Finds the CNAME of a source in an SDES (RFC 3550 §6.5).</summary>
    public static bool TryGetCanonicalName(this RtcpPacket packet, Ssrc ssrc, out ReadOnlySpan<byte> name)
    {
        name = default;
        if (packet.Type != RtcpPacketType.SourceDescription)
            return false;
        var rest = packet.Body;
        for (var chunk = 0; chunk < packet.Count && rest.Length >= 4; chunk++)
        {
            var isAsked = Ssrc.Read(rest) == ssrc;
            var offset = 4;
            while (offset < rest.Length && rest[offset] != 0)
            {
                if (offset + 2 > rest.Length || offset + 2 + rest[offset + 1] > rest.Length)
                    return false;
                if (isAsked && rest[offset] == CanonicalName)
                {
                    name = rest.Slice(offset + 2, rest[offset + 1]);
                    return true;
                }

                offset += 2 + rest[offset + 1];
            }

            // A chunk ends with at least one zero and on a 32-bit border.
            var next = (offset + 4) & ~3;
            if (isAsked || next > rest.Length)
                return false;
            rest = rest[next..];
        }

        return false;
    }
}
