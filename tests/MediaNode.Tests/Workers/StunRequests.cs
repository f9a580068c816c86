using System.Buffers.Binary;
using System.Text;
using Hype.MediaNode.Stun;

namespace Hype.MediaNode.Tests.Workers;

/// <summary>Creates STUN requests that the product's own writer cannot write, authenticated with the endpoint's password.</summary>
internal static class StunRequests
{
    private const int IntegrityLength = 24;
    private const int FingerprintLength = 8;

    /// <summary>Returns a request of an agent that believes it is the controlled one.</summary>
    public static byte[] Controlled(TestPeer peer) => Changed(peer, StunAttribute.IceControlling, StunAttribute.IceControlled);

    /// <summary>Returns a request in which an unknown attribute (0x7FFF) that the receiver must understand replaces PRIORITY.</summary>
    public static byte[] WithUnknownAttribute(TestPeer peer) => Changed(peer, StunAttribute.Priority, (StunAttribute)0x7FFF);

    private static byte[] Changed(TestPeer peer, StunAttribute from, StunAttribute to)
    {
        var request = peer.CheckRequest();
        var at = StunMessage.HeaderLength;
        while (BinaryPrimitives.ReadUInt16BigEndian(request.AsSpan(at)) != (ushort)from)
            at += 4 + ((BinaryPrimitives.ReadUInt16BigEndian(request.AsSpan(at + 2)) + 3) & ~3);
        BinaryPrimitives.WriteUInt16BigEndian(request.AsSpan(at), (ushort)to);

        var fingerprint = request.Length - FingerprintLength;
        var integrity = fingerprint - IntegrityLength;
        StunIntegrity.Compute(request, integrity, Encoding.ASCII.GetBytes(peer.Pwd), request.AsSpan(integrity + 4, StunIntegrity.Length));
        BinaryPrimitives.WriteUInt32BigEndian(request.AsSpan(fingerprint + 4), StunFingerprint.Compute(request.AsSpan(0, fingerprint)));
        return request;
    }
}
